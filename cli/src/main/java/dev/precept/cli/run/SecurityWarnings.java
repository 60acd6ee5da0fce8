package dev.precept.cli.run;

import dev.precept.judging.RoleProbe;
import java.util.List;
import java.util.stream.Stream;

/** What is allowed and a risk all the same. */
public final class SecurityWarnings {
    private SecurityWarnings() {}

    /** One line each, with what to do. */
    public static List<String> of(RunRecipe recipe) {
        return Stream.concat(
                        recipe.workers().generator().plainTextKeyUrls().stream()
                                .map(url -> plainTextKey("generator", url)),
                        recipe.workers().judges().judges().stream()
                                .flatMap(judge -> judge.plainTextKeyUrls().stream()
                                        .map(url -> plainTextKey(RoleProbe.JUDGE.section(judge), url))))
                .toList();
    }

    private static String plainTextKey(String role, String url) {
        return "warning: " + role + ".url: the API key is sent to " + url
                + " without encryption; use https, or an endpoint on this machine";
    }
}
