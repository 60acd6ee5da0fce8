package dev.precept.dataset.concurrent;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Files that a release or a rewrite that did not end may name: none of them is deleted before its plan ends. */
final class UnfinishedPlans {
    private static final Pattern RELEASE = Pattern.compile("releases/(?<version>[^/]+)/.+");
    private static final Pattern REWRITTEN = Pattern.compile("data/.+-r(?<number>\\d+)\\.parquet");
    private static final Pattern CLAIM = Pattern.compile("plans/(?<version>[^/]+)/(?<number>\\d+)/plan\\.json");

    private final StoredFiles files;
    private Map<String, String> planned = Map.of();

    UnfinishedPlans(StoredFiles files) {
        this.files = files;
    }

    /** Checks the files of the last call; also that a name has one claim that was not abandoned. */
    void check() {
        planned.forEach((key, plan) -> DatasetOracle.require(
                files.has(key) || hasEnded(plan), key + " was deleted, but " + plan + " may name it"));
        Map<String, String> found = new TreeMap<>();
        for (String key : files.all().keySet()) {
            planOf(key).filter(plan -> !hasEnded(plan)).ifPresent(plan -> found.put(key, plan));
            Matcher claim = CLAIM.matcher(key);
            if (claim.matches() && number(claim) > 1) {
                String before = claim(claim.group("version"), number(claim) - 1);
                DatasetOracle.require(isAbandoned(before), key + " was made, but " + before + " was not abandoned");
            }
        }
        planned = found;
    }

    /** Whether there were such files at the last check. */
    boolean haveFiles() {
        return !planned.isEmpty();
    }

    private static long number(Matcher claim) {
        return Long.parseLong(claim.group("number"));
    }

    private static String claim(String version, long number) {
        return "plans/" + version + "/" + number + "/plan.json";
    }

    private Optional<String> planOf(String key) {
        Matcher release = RELEASE.matcher(key);
        Matcher rewritten = REWRITTEN.matcher(key);
        if (rewritten.matches()) {
            return Optional.of("rewrites/plans/"
                    + "0".repeat(20 - rewritten.group("number").length()) + rewritten.group("number") + ".json");
        }
        if (!release.matches()) {
            return Optional.empty();
        }
        long newest = 0;
        while (files.has(claim(release.group("version"), newest + 1))) {
            newest++;
        }
        return newest == 0 ? Optional.empty() : Optional.of(claim(release.group("version"), newest));
    }

    private boolean hasEnded(String plan) {
        if (plan.startsWith("rewrites/")) {
            return files.has(plan.replace("/plans/", "/done/"));
        }
        String version = plan.split("/")[1];
        return isAbandoned(plan) || files.has("releases/" + version + "/manifest.json");
    }

    private boolean isAbandoned(String plan) {
        String outcome = plan.replace("/plan.json", "/outcome.json");
        return files.has(outcome) && files.json(outcome).has("abandoned");
    }
}
