package dev.precept.judging;

import dev.precept.model.ChatMessage;
import dev.precept.model.ChatRequest;
import dev.precept.model.openai.Acceptance;
import java.time.Duration;
import java.util.List;

/**
 * Asks an endpoint one small question with every parameter of a role, so that a parameter it refuses is found before the
 * first task. Costs a few tokens, which are in no run's account.
 */
public enum RoleProbe {
    GENERATOR("Answer with the one word: ready.", false),
    JUDGE("Fill in the form: 5 for every number, comply for the style, ready for the reason.", true);

    /** A wait longer than this would delay the start of a role behind a slow model. */
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final String question;
    private final boolean asksForVote;

    RoleProbe(String question, boolean asksForVote) {
        this.question = question;
        this.asksForVote = asksForVote;
    }

    /** The question, by which a server can tell a probe from a task. */
    public String question() {
        return question;
    }

    public Acceptance ask(EndpointSettings settings, String url) throws InterruptedException {
        Duration timeout = settings.callTimeout();
        ChatRequest request = new ChatRequest(
                settings.model(),
                List.of(ChatMessage.user(question)),
                null,
                settings.sampling(),
                asksForVote ? JudgeScore.schema(false) : null,
                1,
                timeout.compareTo(LONGEST) < 0 ? timeout : LONGEST);
        return Acceptance.probe(settings.endpoint(url), settings.request().encoding(), request);
    }
}
