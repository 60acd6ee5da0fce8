package dev.precept.judging;

import dev.precept.model.UntrustedText;
import dev.precept.records.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The foreign parts of a request: each stands between delimiters with the nonce, each turn of a conversation begins with the
 * nonce, and chat-template tokens are neutralised.
 */
final class ForeignParts {
    private ForeignParts() {}

    static String of(Place place, PromptTemplate.Input input) {
        return switch (place) {
            case POLICIES, CRITERIA, MEMBERS -> "";
            case CONVERSATION -> conversation(input.conversation(), input.nonce());
            case REASONING -> wrapped("reasoning", input.nonce(), input.reasoning());
            case ANSWER -> wrapped("answer", input.nonce(), input.answer());
            case SIDE_INFORMATION -> remark(input.sideInfo(), input.nonce());
        };
    }

    private static String wrapped(String label, String nonce, String text) {
        return UntrustedText.wrap(label, nonce, UntrustedText.neutralise(text));
    }

    private static String remark(@Nullable String sideInfo, String nonce) {
        return sideInfo == null
                ? ""
                : "# A remark\n\nConsider that another AI determined that the ideal response would be:\n"
                        + wrapped("side_information", nonce, sideInfo)
                        + "\nIt may be wrong. Say whether you agree with it.";
    }

    private static String conversation(List<Message> messages, String nonce) {
        List<UntrustedText.Turn> turns = new ArrayList<>();
        for (Message message : messages) {
            String text = Stream.of(message.getContent(), message.getToolCalls())
                    .filter(Objects::nonNull)
                    .map(UntrustedText::neutralise)
                    .collect(Collectors.joining("\n"));
            turns.add(new UntrustedText.Turn(message.getRole(), text));
        }
        return UntrustedText.wrapTurns("conversation", nonce, turns);
    }
}
