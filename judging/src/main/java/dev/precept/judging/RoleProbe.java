package dev.precept.judging;

import dev.precept.model.ChatMessage;
import dev.precept.model.ChatRequest;
import dev.precept.model.Reply;
import dev.precept.model.ResponseSchema;
import dev.precept.model.TextLimit;
import dev.precept.model.openai.Acceptance;
import dev.precept.model.openai.RequestEncoding;
import dev.precept.model.openai.RequestEncoding.ResponseFormat;
import dev.precept.records.Message;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Asks an endpoint one small question in the request of a role, so that a parameter it refuses, a generator that shows no
 * reasoning and a judge that gives no vote are found before the first task. A model may answer a question so small in
 * another way than a task: it is unusable only if it fails with the first requests of the run as well. Costs a few hundred
 * tokens, or those of up to two tasks, which are in no run's account.
 */
public enum RoleProbe {
    GENERATOR,
    JUDGE,
    /** A judge that does not see the reasoning. */
    REWARD;

    private static final String QUESTION = "How many days are there in two weeks?";
    private static final ExcerptText EXCERPT = new ExcerptText("""
            # Style and helpfulness

            ## Plain answers {#plain-answers}

            Answer what is asked, plainly and correctly.
            """);
    private static final String REASONING =
            "[plain-answers] asks for a plain and correct answer. A week has seven days, so two weeks have fourteen.";
    private static final String ANSWER = "Two weeks have 14 days.";
    private static final String NONCE = "5d1f0c7a9b3e2864";

    /** A model that answers with some chance is asked as often as for one vote. */
    private static final int ANSWERS = 3;
    /** A wait longer than this would delay the start of a role behind a slow model. */
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private static final int MAX_QUOTE_BYTES = 120;

    /** The question, by which a server can tell a probe from a task. */
    public String question() {
        return QUESTION;
    }

    /** The section of the recipe, of a judge that is not one of a panel. */
    public String section() {
        return this == GENERATOR ? "generator" : "judge";
    }

    /** The section of the recipe that settings of this role stand in. */
    public String section(EndpointSettings settings) {
        return settings.section() == null ? section() : settings.section();
    }

    /**
     * Asks the small question, then the first requests of the run, up to three times in all; then in other encodings to find
     * one that helps.
     *
     * @param first requests to this role for the first prompts of the run; where there are fewer than two, the small question
     *     takes their place
     */
    public Acceptance ask(EndpointSettings settings, String url, List<ChatRequest> first) throws InterruptedException {
        List<ChatMessage> question = messages(settings.prompt());
        RequestEncoding encoding = settings.request().encoding();
        String fault = "";
        for (int seed = 1; seed <= ANSWERS; seed++) {
            boolean isTask = seed > 1 && seed - 2 < first.size();
            Acceptance acceptance = ask(
                    settings, url, encoding, seed, isTask ? first.get(seed - 2).messages() : question);
            if (acceptance instanceof Acceptance.Refused && isTask) {
                continue; // a filter may refuse one prompt; the parameters are accepted
            }
            if (!(acceptance instanceof Acceptance.Accepted accepted)) {
                return acceptance;
            }
            Optional<String> found = fault(settings, accepted.reply());
            if (found.isEmpty()) {
                return accepted;
            }
            fault = found.get();
            encoding = accepted.encoding();
        }
        boolean isCut = fault.startsWith(Judge.CUT);
        return unusable(settings, url, encoding, fault, isCut ? Optional.empty() : remedy(settings, url, encoding));
    }

    private Acceptance ask(
            EndpointSettings settings, String url, RequestEncoding encoding, long seed, List<ChatMessage> messages)
            throws InterruptedException {
        Duration timeout = settings.callTimeout();
        ChatRequest request = new ChatRequest(
                settings.model(),
                messages,
                null,
                settings.sampling(),
                schema(settings),
                seed,
                timeout.compareTo(LONGEST) < 0 ? timeout : LONGEST);
        return Acceptance.probe(settings.endpoint(url), encoding, request);
    }

    private List<ChatMessage> messages(RolePrompt prompt) {
        List<Message> conversation = List.of(
                Message.newBuilder().setRole("user").setContent(QUESTION).build());
        return prompt.render(
                switch (this) {
                    case GENERATOR -> PromptTemplate.Role.GENERATE;
                    case JUDGE -> PromptTemplate.Role.JUDGE;
                    case REWARD -> PromptTemplate.Role.JUDGE_ANSWER;
                },
                new PromptTemplate.Input(conversation, REASONING, ANSWER, null, null, EXCERPT, NONCE));
    }

    private @Nullable ResponseSchema schema(EndpointSettings settings) {
        return switch (this) {
            case GENERATOR -> null;
            case JUDGE, REWARD -> voteSchema(settings).schema();
        };
    }

    private static VoteSchema voteSchema(EndpointSettings settings) {
        return VoteSchema.of(settings.prompt().criteria(), false);
    }

    /** What the role misses in a reply; empty if nothing. */
    private Optional<String> fault(EndpointSettings settings, Reply reply) {
        return switch (this) {
            case GENERATOR -> reasoningFault(reply);
            case JUDGE, REWARD ->
                Judge.parse(reply, voteSchema(settings), settings.sampling().maxTokens())
                                instanceof JudgeScore.Parsed.Invalid(VoteFault _, String why)
                        ? Optional.of(why + quote(reply))
                        : Optional.empty();
        };
    }

    private static Optional<String> reasoningFault(Reply reply) {
        return switch (reply) {
            case Reply.Answered answered
            when answered.reasoning() != null && !answered.reasoning().isBlank() -> Optional.empty();
            case Reply.Answered _ -> Optional.of("no field reasoning or reasoning_content and no <think> tags");
            case Reply.Malformed malformed -> Optional.of(malformed.detail());
            case Reply.RequestRefused refused -> Optional.of(refused.detail());
            case Reply.ContextTooLong tooLong -> Optional.of(tooLong.detail());
        };
    }

    private static String quote(Reply reply) {
        if (!(reply instanceof Reply.Answered answered) || answered.content().isEmpty()) {
            return "";
        }
        String line = answered.content().replaceAll("[\\p{Cntrl}\\s]+", " ");
        return "; it answered: " + TextLimit.cut(line, MAX_QUOTE_BYTES);
    }

    /** The setting of {@code request} with which the endpoint gives what the role needs. */
    private Optional<String> remedy(EndpointSettings settings, String url, RequestEncoding tried)
            throws InterruptedException {
        List<ChatMessage> question = messages(settings.prompt());
        List<RequestEncoding> others = switch (this) {
            case GENERATOR -> tried.stream() ? List.of() : List.of(tried.streamed());
            case JUDGE, REWARD ->
                Stream.of(ResponseFormat.JSON_SCHEMA, ResponseFormat.JSON_OBJECT, ResponseFormat.NONE)
                        .filter(format -> format != tried.responseFormat())
                        .map(tried::with)
                        .toList();
        };
        for (RequestEncoding other : others) {
            if (ask(settings, url, other, 1, question) instanceof Acceptance.Accepted(RequestEncoding sent, Reply reply)
                    && sent.equals(other)
                    && fault(settings, reply).isEmpty()) {
                return Optional.of(
                        this == GENERATOR
                                ? "stream: true"
                                : "response_format: "
                                        + other.responseFormat().name().toLowerCase(Locale.ROOT));
            }
        }
        return Optional.empty();
    }

    private Acceptance unusable(
            EndpointSettings settings, String url, RequestEncoding encoding, String fault, Optional<String> remedy) {
        String section = section(settings);
        String missing = switch (this) {
            case GENERATOR -> " shows no reasoning (";
            case JUDGE, REWARD -> " gives no vote that can be read (";
        };
        String advice = remedy.map(setting -> "with " + section + ".request." + setting + " it does, so set that; ")
                .orElseGet(() -> switch (this) {
                    case GENERATOR ->
                        "name a model that reasons; start vLLM or SGLang with --reasoning-parser; set generator.effort,"
                                + " or in generator.extra what turns reasoning on; ";
                    case JUDGE, REWARD ->
                        fault.startsWith(Judge.CUT)
                                ? ""
                                : "json_object and none as " + section
                                        + ".request.response_format do not help; name another model; ";
                });
        return new Acceptance.Unusable(
                encoding, url + missing + fault + "); " + advice + section + ".request.check: warn starts anyway");
    }
}
