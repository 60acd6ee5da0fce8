package dev.precept.workers;

import dev.precept.config.Section;
import dev.precept.judging.RequestSettings;
import dev.precept.model.openai.RequestEncoding;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the section {@code request} of a role: how its requests are written. */
final class RequestSection {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{?([A-Za-z_][A-Za-z0-9_]*)\\}?");
    /** Headers whose value a recipe must not hold, because recipes are stored with the run. */
    private static final Pattern SECRET =
            Pattern.compile("(?i).*(authorization|api-?key|token|secret|password|cookie|signature).*");

    private final Section s;
    private final Map<String, String> environment;

    private RequestSection(Section s, Map<String, String> environment) {
        this.s = s;
        this.environment = environment;
    }

    /**
     * @param preset where the section does not set a key
     * @param environment holds the values of headers that name a variable
     */
    static RequestSettings read(Section section, RequestSettings preset, Map<String, String> environment) {
        return new RequestSection(section, environment).read(preset);
    }

    private RequestSettings read(RequestSettings preset) {
        RequestEncoding encoding = preset.encoding();
        RequestEncoding read = new RequestEncoding(
                s.oneOf(
                        "max_tokens_field",
                        encoding.tokenLimitField(),
                        "field of the token limit; none sends no limit"),
                s.oneOf(
                        "response_format",
                        encoding.responseFormat(),
                        "how JSON is requested; the last two put the schema into the message"),
                s.flag("stream", encoding.stream(), "request a stream, for servers that send reasoning only so"),
                omitted(encoding.omitted()));
        return new RequestSettings(
                read,
                s.text("api_key_header", preset.keyHeader(), "header of the API key; only Authorization says Bearer"),
                headers(preset.headers()),
                query(preset.query()),
                s.oneOf(
                        "check",
                        preset.check(),
                        "when the first answer has no reasoning (generator) or no vote (judge): stop or warn"));
    }

    private Set<String> omitted(Set<String> preset) {
        Set<String> omitted = new TreeSet<>();
        boolean seed = s.flag("seed", !preset.contains("seed"), "send a seed");
        boolean temperature =
                s.flag("temperature", !preset.contains("temperature"), "send temperature and top_p where they are set");
        if (!seed) {
            omitted.add("seed");
        }
        if (!temperature) {
            omitted.add("temperature");
            omitted.add("top_p");
        }
        return omitted;
    }

    private Map<String, String> headers(Map<String, String> preset) {
        Map<String, String> given =
                s.mapping("headers", "further headers; a value $NAME is read from the environment, as keys must be");
        Map<String, String> headers = new LinkedHashMap<>();
        given.forEach((name, value) -> header(name, value).ifPresent(usable -> headers.put(name, usable)));
        return given.isEmpty() ? preset : headers;
    }

    private Optional<String> header(String name, String value) {
        Matcher variable = VARIABLE.matcher(value);
        boolean isVariable = variable.matches();
        if (!isVariable && SECRET.matcher(name).matches()) {
            s.addProblem(
                    "headers",
                    name + " may be a key, and recipes are stored; give it as $NAME and set the environment variable"
                            + " NAME, or use PRECEPT_MODEL_API_KEY and api_key_header");
            return Optional.empty();
        }
        String usable =
                isVariable ? environment.getOrDefault(variable.group(1), "").strip() : value;
        if (usable.isEmpty()) {
            s.addProblem("headers", name + ": the environment variable " + variable.group(1) + " is not set");
            return Optional.empty();
        }
        try {
            HttpRequest.newBuilder(URI.create("http://host")).header(name, usable);
            return Optional.of(usable);
        } catch (IllegalArgumentException invalid) {
            s.addProblem("headers", name + " is not a header that can be set, or its value has a control character");
            return Optional.empty();
        }
    }

    private Map<String, String> query(Map<String, String> preset) {
        Map<String, String> given = s.mapping("query", "parameters of the URL, as in {api-version: \"2026-01-01\"}");
        return given.isEmpty() ? preset : given;
    }
}
