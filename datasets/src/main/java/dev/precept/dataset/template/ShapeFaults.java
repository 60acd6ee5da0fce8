package dev.precept.dataset.template;

import dev.precept.chattemplate.Rendering;
import dev.precept.chattemplate.Value;
import dev.precept.dataset.view.RowKind;
import dev.precept.dataset.view.View;
import dev.precept.records.Message;
import dev.precept.records.Sample;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** What a template loses of the rows of one shape, beside the reasoning and the answer of the last turn. For one thread. */
final class ShapeFaults {
    private final ChatTemplate template;
    private final boolean hasChannel;
    private final View view;
    private final Function<Sample, Conversation> conversations;

    /**
     * @param hasChannel whether the template writes reasoning of a field otherwise than between {@code <think>} tags
     * @param conversations what a trainer passes for a sample of the view
     */
    ShapeFaults(ChatTemplate template, boolean hasChannel, View view, Function<Sample, Conversation> conversations) {
        this.template = template;
        this.hasChannel = hasChannel;
        this.view = view;
        this.conversations = conversations;
    }

    /**
     * The fault of rows of the shape of a sample.
     *
     * @param rendered the sample with sentinels instead of its texts
     */
    Optional<TemplateFault> find(Sample sample, String rendered) {
        List<String> texts = Sentinels.texts(sample);
        return lostTurn(sample, Outline.of(rendered, texts.size()), texts)
                .or(() -> lostTools(sample))
                .or(() -> view.hasInlineReasoning() && !Outline.isBlank(sample.getReasoning()) && hasChannel
                        ? Optional.of(TemplateFault.of(TemplateFault.Kind.VISIBLE))
                        : Optional.empty())
                .or(() -> view.rowKind() == RowKind.PROMPT ? Optional.empty() : movedLoss(sample, rendered, texts));
    }

    private static Optional<TemplateFault> lostTurn(Sample sample, Outline outline, List<String> texts) {
        for (int turn = 0; turn < sample.getMessages().size() - 1; turn++) {
            if (!Outline.isBlank(texts.get(2 * turn)) && !outline.contains(2 * turn)) {
                String role = sample.getMessages().get(turn).getRole();
                return Optional.of(new TemplateFault(TemplateFault.Kind.TURN_LOST, "role " + role));
            }
        }
        return Optional.empty();
    }

    private Optional<TemplateFault> lostTools(Sample sample) {
        return MarkedTools.of(view.rowKind() == RowKind.PROMPT ? withoutLastCall(sample) : sample)
                .flatMap(marked -> switch (render(conversations.apply(marked.sample()))) {
                    case Rendering.Failed _ -> Optional.empty();
                    case Rendering.Rendered(String text) -> marked.findFault(text);
                });
    }

    /** Rows of prompts have no last turn. */
    private static Sample withoutLastCall(Sample sample) {
        List<Message> messages = sample.getMessages();
        Message last = Message.newBuilder(messages.getLast()).setToolCalls(null).build();
        List<Message> others = messages.subList(0, messages.size() - 1);
        return Sample.newBuilder(sample)
                .setMessages(Stream.concat(others.stream(), Stream.of(last)).toList())
                .build();
    }

    private Rendering render(Conversation conversation) {
        return template.render(conversation, view.rowKind() == RowKind.PROMPT);
    }

    /** Trainers of prompt and completion mask as many tokens as the prompt alone has, with the start of an answer. */
    private Optional<TemplateFault> movedLoss(Sample sample, String rendered, List<String> texts) {
        Optional<Conversation> prompt =
                conversations.apply(Sentinels.withSentinels(sample, true)).promptAlone();
        if (prompt.isEmpty()) {
            return Optional.empty();
        }
        return switch (template.render(prompt.get(), true)) {
            case Rendering.Failed(String reason, int line) ->
                Optional.of(new TemplateFault(
                        TemplateFault.Kind.NOT_RENDERED, "the prompt alone, line " + line + ": " + reason));
            case Rendering.Rendered(String alone) ->
                isPrefix(alone, rendered, texts.size())
                        ? Optional.empty()
                        : Optional.of(new TemplateFault(
                                TemplateFault.Kind.LOSS_MOVED, remedy(sample, prompt.get(), texts.size())));
        };
    }

    private static boolean isPrefix(String alone, String rendered, int texts) {
        return rendered.startsWith(alone)
                || (alone.length() <= firstOfCompletion(rendered, texts)
                        && !Sentinels.isOfPrompt(rendered.substring(alone.length()), texts));
    }

    /** Some templates start an answer with an empty thought unless they are told that there is one. */
    private String remedy(Sample sample, Conversation prompt, int texts) {
        Conversation whole = conversations.apply(Sentinels.withSentinels(sample, true));
        Map<String, Value> thinking = Map.of("enable_thinking", Value.of(true));
        Map<String, Value> started = Map.of("enable_thinking", Value.of(true), "add_generation_prompt", Value.of(true));
        return template.render(whole, thinking) instanceof Rendering.Rendered(String rendered)
                        && template.render(prompt, started) instanceof Rendering.Rendered(String alone)
                        && isPrefix(alone, rendered, texts)
                ? "not with the argument enable_thinking true"
                : "";
    }

    private static int firstOfCompletion(String rendered, int texts) {
        int first = rendered.length();
        for (int text = texts - 2; text < texts; text++) {
            int at = rendered.indexOf(Sentinels.sentinel(text));
            first = at < 0 ? first : Math.min(first, at);
        }
        return first;
    }
}
