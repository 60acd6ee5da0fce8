package dev.precept.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * Decides which values of a recipe may be shown and stored: the only place that does. Below a key with arbitrary members, such
 * as {@code kafka} or the headers of requests, a value may be a secret unless its key is listed here, so a key that a library
 * adds later is a secret. The values of all other keys have a type that holds no secret.
 */
public final class SecretKeys {
    /** Mappings of which no member is a secret. */
    private static final Set<String> OPEN = Set.of(
            "prompts.fields",
            "generator.endpoints",
            "judge.endpoints",
            "judge.panel.endpoints",
            "generator.extra",
            "judge.extra",
            "judge.panel.extra",
            "judge.criteria");

    /** Kafka settings that hold no secret. */
    private static final Pattern OPEN_KAFKA = Pattern.compile("kafka\\.("
            + "bootstrap\\.servers|schema\\.registry\\.url|security\\.protocol|sasl\\.mechanism|acks|client\\.(id|rack|dns\\.lookup)"
            + "|compression\\.type|config\\.providers(\\.\\w+\\.class)?|isolation\\.level|.*\\.(ms|bytes|size|records|retries)"
            + "|ssl\\.((keystore|truststore)\\.(type|location)|protocol|enabled\\.protocols"
            + "|endpoint\\.identification\\.algorithm|cipher\\.suites)"
            + "|sasl\\.oauthbearer\\.(token|jwks)\\.endpoint\\.url|sasl\\.(login|client)\\..*\\.class|sasl\\.kerberos\\.service\\.name|basic\\.auth\\.credentials\\.source"
            + "|bearer\\.auth\\.credentials\\.source)");

    /** The content of a file or an environment variable, which the client reads itself. */
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{[a-z]+:[^${}]+}");

    private static final Pattern USER_INFO = Pattern.compile("(?<=//)[^/@\\s]*@");
    private static final Pattern QUERY = Pattern.compile("(?<=\\w)\\?[^\\s'\"]*");

    private SecretKeys() {}

    /**
     * Whether the value of a key below a mapping with arbitrary members may be a secret.
     *
     * @param mapping key of the mapping, such as {@code kafka}
     * @param member key within it, such as {@code sasl.jaas.config}
     */
    public static boolean isSecret(String mapping, String member) {
        return !OPEN.contains(Recipe.withoutIndexes(mapping))
                && !OPEN_KAFKA.matcher(mapping + "." + member).matches();
    }

    /** A text without the user and the query of each URL in it. */
    public static String withoutCredentials(String text) {
        return QUERY.matcher(USER_INFO.matcher(text).replaceAll("***@")).replaceAll("?***");
    }

    /** The values of client settings that may be shown; the others as {@code ***}. */
    public static Map<String, String> shown(String mapping, Map<String, String> settings) {
        Map<String, String> shown = new TreeMap<>();
        settings.forEach((key, value) ->
                shown.put(key, isSecret(mapping, key) && !isReference(value) ? "***" : withoutCredentials(value)));
        return shown;
    }

    static boolean isReference(String value) {
        return REFERENCE.matcher(value).matches();
    }

    /**
     * Replaces the secrets of a mapping by references to the recipe that holds them.
     *
     * @param file of the recipe that has a member; empty where it came with a flag, and is then nowhere
     */
    static void refer(String mapping, ObjectNode members, UnaryOperator<String> file) {
        for (Map.Entry<String, JsonNode> member : members.properties()) {
            String value = member.getValue().asText();
            boolean hidden = isSecret(mapping, member.getKey()) || !value.equals(withoutCredentials(value));
            if (hidden && !isReference(value)) {
                member.setValue(TextNode.valueOf(
                        "${recipe:" + file.apply(member.getKey()) + ":" + mapping + ":" + member.getKey() + "}"));
            }
        }
    }
}
