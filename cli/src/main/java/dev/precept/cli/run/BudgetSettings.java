package dev.precept.cli.run;

import dev.precept.config.Recipe;
import dev.precept.config.Section;
import dev.precept.judging.EndpointSettings;
import dev.precept.judging.RoleProbe;
import dev.precept.model.pricing.Price;
import dev.precept.records.Budget;
import dev.precept.runs.RunProgress;
import dev.precept.workers.WorkerSettings;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The {@code budget} section of a recipe. It may change during a run.
 *
 * @param budget null without a limit
 */
public record BudgetSettings(@Nullable Budget budget, OnExhausted onExhausted) {
    private static final double MAX_USD = 1e9;

    /** What happens to open slots when the budget is spent. */
    public enum OnExhausted {
        /** They stay open; the run ends with work left. */
        STOP,
        /** They stay open; the run waits for a larger budget. */
        WAIT,
        /** They are rejected as OVER_BUDGET; the run is released with its accepted samples. */
        REJECT
    }

    /** @param workers their prices are required for a limit in dollars */
    static BudgetSettings read(Recipe recipe, WorkerSettings workers) {
        return read(recipe, workers.generator(), workers.judges().judges());
    }

    /**
     * Reads the section; adds its problems to the recipe.
     *
     * @param judges those that make calls; their prices are required for a limit in dollars, as that of the generator
     */
    public static BudgetSettings read(Recipe recipe, EndpointSettings generator, List<EndpointSettings> judges) {
        Section s = recipe.section("budget");
        Optional<Double> usd = s.number("usd", 0, MAX_USD, "limit of the run in US dollars, both roles together");
        Optional<Long> tokens = s.count("tokens", "limit of the run in tokens, prompt and completion together");
        OnExhausted onExhausted = s.oneOf(
                "on_exhausted",
                OnExhausted.STOP,
                "at the limit: stop and leave slots open, wait for a larger budget, or reject open slots");
        if (usd.isPresent()) {
            requirePrice(recipe, "generator", generator.price());
            judges.forEach(judge -> requirePrice(recipe, RoleProbe.JUDGE.section(judge), judge.price()));
        }
        requireOneCall(recipe, "generator", generator, usd, tokens);
        judges.forEach(judge -> requireOneCall(recipe, RoleProbe.JUDGE.section(judge), judge, usd, tokens));
        Budget budget = usd.isEmpty() && tokens.isEmpty()
                ? null
                : new Budget(usd.orElse(null), tokens.orElse(null), onExhausted == OnExhausted.REJECT);
        return new BudgetSettings(budget, onExhausted);
    }

    /** A call is made only if the budget covers its whole limit of tokens. A budget of 0 allows cached answers alone. */
    private static void requireOneCall(
            Recipe recipe, String role, EndpointSettings settings, Optional<Double> usd, Optional<Long> tokens) {
        int limit = settings.sampling().maxTokens();
        double price = settings.price().highestCost(0, limit);
        String remedy =
                " for a completion, so that no call would be made; raise the budget, or lower " + role + ".max_tokens";
        if (tokens.isPresent() && tokens.get() < limit) {
            recipe.addProblem(
                    "budget.tokens",
                    "is " + tokens.get() + ", and a call of the " + role + " may use " + limit + " tokens" + remedy);
        }
        if (usd.isPresent() && usd.get() > 0 && usd.get() < price) {
            recipe.addProblem(
                    "budget.usd",
                    "is " + RunProgress.dollars(usd.get()) + ", and a call of the " + role + " may cost "
                            + RunProgress.dollars(price) + remedy);
        }
    }

    private static void requirePrice(Recipe recipe, String role, Price price) {
        if (price.equals(Price.FREE)) {
            recipe.addProblem(
                    "budget.usd",
                    "the price of the " + role + " is unknown; set " + role
                            + ".price: {prompt: …, completion: …} in US dollars per million tokens, or limit tokens");
        }
    }
}
