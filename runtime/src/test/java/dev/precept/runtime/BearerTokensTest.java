package dev.precept.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.precept.config.ConfigurationException;
import dev.precept.config.Recipe;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.internals.BrokerSecurityConfigs;
import org.apache.kafka.common.security.oauthbearer.BrokerJwtValidator;
import org.junit.jupiter.api.Test;

final class BearerTokensTest {
    private static final String BEARER = "kafka:\n  security.protocol: SASL_SSL\n  sasl.mechanism: OAUTHBEARER\n";
    private static final String VALIDATOR = "  sasl.oauthbearer.jwt.validator.class: "
            + "org.apache.kafka.common.security.oauthbearer.BrokerJwtValidator\n";
    private static final String KEYS = "  sasl.oauthbearer.jwks.endpoint.url: https://issuer.example/keys\n";

    @Test
    void aMissingValidatorAndMissingKeysAreOneProblem() {
        assertThat(problems(BEARER))
                .singleElement()
                .asString()
                .contains(
                        "kafka.sasl.mechanism",
                        "OAUTHBEARER",
                        "sasl.oauthbearer.jwt.validator.class: " + BrokerJwtValidator.class.getName(),
                        "sasl.oauthbearer.jwks.endpoint.url");
    }

    @Test
    void validatorAndKeysAreBothRequired() {
        assertThat(problems(BEARER + VALIDATOR))
                .singleElement()
                .asString()
                .contains("jwks.endpoint.url")
                .doesNotContain("validator.class");
        assertThat(problems(BEARER + KEYS))
                .singleElement()
                .asString()
                .contains("validator.class")
                .doesNotContain("jwks.endpoint.url");
    }

    @Test
    void aValidatorThatDoesNotVerifySignaturesIsRejected() {
        assertThat(problems(BEARER + KEYS + "  sasl.oauthbearer.jwt.validator.class: "
                        + "org.apache.kafka.common.security.oauthbearer.ClientJwtValidator\n"))
                .hasSize(1);
    }

    @Test
    void validatorAndKeysAreAccepted() {
        assertThatCode(() -> read(BEARER + VALIDATOR + KEYS)).doesNotThrowAnyException();
    }

    @Test
    void otherMechanismsNeedNoValidator() {
        assertThatCode(() -> read("kafka: {sasl.mechanism: SCRAM-SHA-512}")).doesNotThrowAnyException();
    }

    @Test
    void aRoleMustBeAllowedToCallTheUrls() {
        Recipe recipe = Recipe.parse("recipe.yaml", Path.of("."), BEARER + VALIDATOR + KEYS);
        Map<String, String> kafka = DeploymentSettings.read(recipe).kafka();
        BearerTokens.checkAllowed(recipe, kafka, "https://issuer.example/keys, https://issuer.example/token");
        assertThatCode(recipe::throwProblems).doesNotThrowAnyException();
        BearerTokens.checkAllowed(recipe, kafka, "https://issuer.example/token");
        assertThat(catchThrowableOfType(ConfigurationException.class, recipe::throwProblems)
                        .problems())
                .singleElement()
                .asString()
                .contains("may not call https://issuer.example/keys", "org.apache.kafka.sasl.oauthbearer.allowed.urls");
    }

    @Test
    void theNamesAreThoseOfKafka() {
        assertThat(ConsumerConfig.configNames())
                .contains(
                        "sasl.oauthbearer.jwt.validator.class",
                        "sasl.oauthbearer.jwks.endpoint.url",
                        SaslConfigs.SASL_MECHANISM,
                        CommonClientConfigs.SECURITY_PROTOCOL_CONFIG);
        assertThat(BrokerSecurityConfigs.ALLOWED_SASL_OAUTHBEARER_URLS_CONFIG)
                .isEqualTo("org.apache.kafka.sasl.oauthbearer.allowed.urls");
    }

    private static List<String> problems(String yaml) {
        return catchThrowableOfType(ConfigurationException.class, () -> read(yaml))
                .problems();
    }

    private static void read(String yaml) {
        Recipe recipe = Recipe.parse("recipe.yaml", Path.of("."), yaml);
        DeploymentSettings.read(recipe);
        recipe.throwProblems();
    }
}
