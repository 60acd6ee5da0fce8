package dev.precept.runtime;

import dev.precept.config.Recipe;
import dev.precept.config.SecretKeys;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.SaslConfigs;

/**
 * Checks the settings of OAUTHBEARER. A client must verify token signatures, which is not its default (CVE-2026-33557), and
 * since Kafka 4 it calls only URLs that a system property of the process allows.
 */
final class BearerTokens {
    private static final String MECHANISM = "OAUTHBEARER";
    private static final String VALIDATOR = SaslConfigs.SASL_OAUTHBEARER_JWT_VALIDATOR_CLASS;
    private static final String KEYS = SaslConfigs.SASL_OAUTHBEARER_JWKS_ENDPOINT_URL;
    private static final List<String> URLS = List.of(KEYS, SaslConfigs.SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL);
    private static final String VERIFYING_VALIDATOR = "org.apache.kafka.common.security.oauthbearer.BrokerJwtValidator";
    private static final String ALLOWED_URLS = "org.apache.kafka.sasl.oauthbearer.allowed.urls";

    private BearerTokens() {}

    /** Adds one problem for all missing settings. */
    static void check(Recipe recipe, Map<String, String> kafka) {
        if (!isUsed(kafka)) {
            return;
        }
        List<String> missing = new ArrayList<>();
        if (!VERIFYING_VALIDATOR.equals(kafka.get(VALIDATOR))) {
            missing.add(VALIDATOR + ": " + VERIFYING_VALIDATOR);
        }
        if (kafka.getOrDefault(KEYS, "").isBlank()) {
            missing.add(KEYS + ": the URL of the issuer's keys");
        }
        if (!missing.isEmpty()) {
            recipe.addProblem(
                    "kafka." + SaslConfigs.SASL_MECHANISM,
                    MECHANISM + " does not verify tokens without these settings; set "
                            + String.join(", and ", missing));
        }
    }

    /** Adds one problem for all URLs that the process is not allowed to call. */
    static void checkAllowed(Recipe recipe, Map<String, String> kafka, String allowed) {
        if (!isUsed(kafka)) {
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
                    "this process may not call " + SecretKeys.withoutCredentials(String.join(" and ", refused))
                            + "; start it with -D" + ALLOWED_URLS
                            + "=URL,URL, as in the environment variable JDK_JAVA_OPTIONS");
        }
    }

    static String allowedUrls() {
        return System.getProperty(ALLOWED_URLS, "");
    }

    private static boolean isUsed(Map<String, String> kafka) {
        return MECHANISM.equals(kafka.get(SaslConfigs.SASL_MECHANISM));
    }
}
