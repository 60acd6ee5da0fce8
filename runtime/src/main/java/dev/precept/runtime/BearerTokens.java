package dev.precept.runtime;

import dev.precept.config.Recipe;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.SaslConfigs;

/**
 * Access by OAUTHBEARER, only with tokens whose signature is verified. Left to itself a client takes any token that looks
 * like one (CVE-2026-33557), and since Kafka 4 it calls no URL that the process was not started to call.
 */
final class BearerTokens {
    private static final String MECHANISM = "OAUTHBEARER";
    private static final String VALIDATOR = SaslConfigs.SASL_OAUTHBEARER_JWT_VALIDATOR_CLASS;
    private static final String KEYS = SaslConfigs.SASL_OAUTHBEARER_JWKS_ENDPOINT_URL;
    private static final List<String> URLS = List.of(KEYS, SaslConfigs.SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL);
    private static final String VERIFIES = "org.apache.kafka.common.security.oauthbearer.BrokerJwtValidator";
    private static final String ALLOWED = "org.apache.kafka.sasl.oauthbearer.allowed.urls";

    private BearerTokens() {}

    /** Notes what is missing as one problem. */
    static void check(Recipe recipe, Map<String, String> kafka) {
        if (!areUsed(kafka)) {
            return;
        }
        List<String> missing = new ArrayList<>();
        if (!VERIFIES.equals(kafka.get(VALIDATOR))) {
            missing.add(VALIDATOR + ": " + VERIFIES);
        }
        if (kafka.getOrDefault(KEYS, "").isBlank()) {
            missing.add(KEYS + ": the URL of the issuer's keys");
        }
        if (!missing.isEmpty()) {
            recipe.addProblem(
                    "kafka." + SaslConfigs.SASL_MECHANISM,
                    MECHANISM + " verifies tokens only with settings that are not there; give "
                            + String.join(", and ", missing));
        }
    }

    /** Notes as one problem the URLs that this process was not started to call. */
    static void checkAllowed(Recipe recipe, Map<String, String> kafka, String allowed) {
        if (!areUsed(kafka)) {
            return;
        }
        List<String> listed =
                Arrays.stream(allowed.split(",")).map(String::strip).toList();
        List<String> refused = URLS.stream()
                .map(key -> kafka.getOrDefault(key, ""))
                .filter(url -> !url.isBlank() && !listed.contains(url))
                .distinct()
                .toList();
        if (!refused.isEmpty()) {
            recipe.addProblem(
                    "kafka." + SaslConfigs.SASL_MECHANISM,
                    "this process may not call " + String.join(" and ", refused) + "; start it with -D" + ALLOWED
                            + "=URL,URL, as in the environment variable JDK_JAVA_OPTIONS");
        }
    }

    static String allowedUrls() {
        return System.getProperty(ALLOWED, "");
    }

    private static boolean areUsed(Map<String, String> kafka) {
        return MECHANISM.equals(kafka.get(SaslConfigs.SASL_MECHANISM));
    }
}
