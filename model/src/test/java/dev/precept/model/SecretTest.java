package dev.precept.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A secret is never printed. */
class SecretTest {
    private record Settings(String url, Secret key) {}

    @Test
    void aSecretPrintsAsStars() {
        Secret secret = new Secret("sk-42\n");
        assertThat(secret.reveal()).isEqualTo("sk-42");
        assertThat(secret + " " + new Settings("http://h", secret)).isEqualTo("*** Settings[url=http://h, key=***]");
    }

    @Test
    void aSecretDoesNotSerialize() {
        assertThatThrownBy(() -> new ObjectMapper().writeValueAsString(new Settings("http://h", new Secret("sk-42"))))
                .hasMessageNotContaining("sk-42");
        assertThat(new Secret("sk-42")).isNotInstanceOf(java.io.Serializable.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \n", "sk 42", "sk-42\r\nX-Header: 1", "clé-42"})
    void anInvalidKeyIsRejectedWithoutQuotingIt(String value) {
        assertThatThrownBy(() -> new Secret(value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("42");
    }
}
