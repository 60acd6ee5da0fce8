package dev.precept.cli.run;

import dev.precept.config.Recipe;
import dev.precept.config.Section;
import dev.precept.model.pricing.Price;
import dev.precept.records.Budget;
import dev.precept.workers.WorkerSettings;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the section {@code budget} of a recipe says. It may change while a run is on.
 *
 * @param budget null where nothing is limited
 */
record BudgetSettings(@Nullable Budget budget, OnExhausted onExhausted) {
    private static final double MOST_USD = 1e9;

    /** What becomes of the slots that are left when the budget is spent. */
    enum OnExhausted {
        /** They stay open, and the run ends with work left. */
        STOP,
        /** They stay open, and the run waits for a larger budget. */
        WAIT,
        /** They are rejected as OVER_BUDGET, and the run is released with what it has. */
        REJECT
    }

    /** @param workers whose prices are needed where dollars are limited */
    static BudgetSettings read(Recipe recipe, WorkerSettings workers) {
        Section s = recipe.section("budget");
        Optional<Double> usd =
                s.number("usd", 0, MOST_USD, "US dollars that may be spent on the run, both roles together");
        Optional<Long> tokens = s.count("tokens", "tokens that may be spent on the run, read and written");
        OnExhausted onExhausted = s.oneOf(
                "on_exhausted",
                OnExhausted.STOP,
                "when it is spent: stop with slots left open, wait for a larger one, or reject what is left");
        if (usd.isPresent()) {
            requirePrice(recipe, "generator", workers.generator().price());
            requirePrice(recipe, "judge", workers.judge().price());
        }
        Budget budget = usd.isEmpty() && tokens.isEmpty()
                ? null
                : new Budget(usd.orElse(null), tokens.orElse(null), onExhausted == OnExhausted.REJECT);
        return new BudgetSettings(budget, onExhausted);
    }

    private static void requirePrice(Recipe recipe, String role, Price price) {
        if (price.equals(Price.FREE)) {
            recipe.addProblem(
                    "budget.usd",
                    "the " + role + "'s price is not known; give " + role
                            + ".price: {prompt: …, completion: …} in US dollars for a million tokens, or limit tokens");
        }
    }
}
