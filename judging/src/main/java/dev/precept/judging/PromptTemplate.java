package dev.precept.judging;

import dev.precept.content.Sha256;
import dev.precept.model.ChatMessage;
import dev.precept.model.MessageContent;
import dev.precept.model.PreEncodedText;
import dev.precept.records.Message;
import dev.precept.records.Repair;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The prompt of a role: constant text, and places for the excerpt, for foreign text and for what a run scores by. Foreign text is put between
 * delimiters with a nonce ({@link ForeignParts}). In the layouts that begin with the policies, all text before the first
 * foreign place is equal in all requests with one excerpt. Immutable.
 */
public final class PromptTemplate {
    private static final Pattern PLACE = Pattern.compile("(?<!\\\\)\\{\\{([^{}\\n]*)}}");
    /** Two braces that begin no place. */
    private static final String ESCAPED = "\\{{";

    private static final String BYTE_ORDER_MARK = "\uFEFF";
    private static final Pattern LINE_END = Pattern.compile("\\r\\n?");

    private final String version;
    private final String text;
    private final Parts written;
    /** Without the places that criteria fill. */
    private final Parts filled;

    /** @param texts constant, one more than places: text, place, text, …, text */
    private record Parts(List<String> texts, List<Place> places) {
        Parts {
            texts = List.copyOf(texts);
            places = List.copyOf(places);
        }

        Parts with(Criteria criteria) {
            List<String> filledTexts = new ArrayList<>(List.of(texts.getFirst()));
            List<Place> left = new ArrayList<>();
            for (int i = 0; i < places.size(); i++) {
                String next = texts.get(i + 1);
                switch (places.get(i)) {
                    case CRITERIA -> filledTexts.add(filledTexts.removeLast() + criteria.grading() + next);
                    case MEMBERS -> filledTexts.add(filledTexts.removeLast() + criteria.members() + next);
                    case POLICIES, CONVERSATION, REASONING, ANSWER, SIDE_INFORMATION, REPAIR -> {
                        left.add(places.get(i));
                        filledTexts.add(next);
                    }
                }
            }
            return new Parts(filledTexts, left);
        }
    }

    private PromptTemplate(String version, String text, Parts written, Criteria criteria) {
        this.version = version;
        this.text = text;
        this.written = written;
        this.filled = written.with(criteria);
    }

    /**
     * This template with criteria in its places for them; without such a place it speaks for itself. The version of a built-in
     * one names them.
     */
    PromptTemplate with(Criteria criteria) {
        boolean isFilled = written.places.stream().anyMatch(Place::isConstant);
        boolean isBuiltIn = version.contains("/");
        String label = isFilled && isBuiltIn && !criteria.isStandard() ? "+" + criteria.label() : "";
        return new PromptTemplate(version.replaceFirst("\\+.*", "") + label, text, written, criteria);
    }

    /**
     * What one request inserts. All but the excerpt and the nonce is foreign.
     *
     * @param repair null if the attempt is no repair
     */
    record Input(
            List<Message> conversation,
            String reasoning,
            String answer,
            @Nullable String sideInfo,
            @Nullable Repair repair,
            ExcerptText excerpt,
            String nonce) {
        /** To a generator. */
        static Input generation(
                List<Message> conversation, @Nullable Repair repair, ExcerptText excerpt, String nonce) {
            return new Input(conversation, "", "", null, repair, excerpt, nonce);
        }

        /** To a judge. */
        static Input judgement(
                List<Message> conversation,
                String reasoning,
                String answer,
                @Nullable String sideInfo,
                ExcerptText excerpt,
                String nonce) {
            return new Input(conversation, reasoning, answer, sideInfo, null, excerpt, nonce);
        }
    }

    /** The role that a template is for. */
    public enum Role {
        GENERATE,
        JUDGE,
        /** A judge that does not see the reasoning. */
        JUDGE_ANSWER;

        static Role of(JudgedWork work) {
            return switch (work) {
                case JudgedWork.WithReasoning _ -> JUDGE;
                case JudgedWork.AnswerOnly _ -> JUDGE_ANSWER;
            };
        }

        private Set<Place> places() {
            return switch (this) {
                case GENERATE -> EnumSet.of(Place.POLICIES, Place.CONVERSATION, Place.REPAIR);
                case JUDGE -> EnumSet.complementOf(EnumSet.of(Place.REPAIR));
                case JUDGE_ANSWER -> EnumSet.complementOf(EnumSet.of(Place.REASONING, Place.REPAIR));
            };
        }

        /** The criteria that a template is filled with unless others are given. */
        private Criteria criteria() {
            return this == JUDGE_ANSWER ? Criteria.PRECEPT_ANSWER : Criteria.PRECEPT;
        }

        /** As of the command {@code template}. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** A template that cannot be used. The message has the line and what to do. */
    public static final class InvalidTemplateException extends Exception {
        private static final long serialVersionUID = 1L;

        InvalidTemplateException(String message) {
            super(message, null, false, false);
        }
    }

    /**
     * Parses a template of the user's own. Its version is its hash. Two braces after a backslash are braces.
     *
     * @throws InvalidTemplateException naming the first problem and its line
     */
    public static PromptTemplate parse(Role role, String text) throws InvalidTemplateException {
        String marked = text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        String lines = LINE_END.matcher(marked).replaceAll("\n");
        return parse(role, Sha256.hex(lines), lines);
    }

    /** With the standard criteria. */
    static PromptTemplate parse(Role role, String version, String text) throws InvalidTemplateException {
        List<String> texts = new ArrayList<>();
        List<Place> places = new ArrayList<>();
        Matcher place = PLACE.matcher(text);
        int end = 0;
        while (place.find()) {
            texts.add(constant(text, end, place.start()));
            places.add(place(role, place.group(1).strip(), places, line(text, place.start())));
            end = place.end();
        }
        texts.add(constant(text, end, text.length()));
        Set<Place> missing = EnumSet.copyOf(role.places());
        places.forEach(missing::remove);
        missing.removeIf(Place::isOptional);
        if (!missing.isEmpty()) {
            throw new InvalidTemplateException("the template has no " + Place.list(missing)
                    + "; a template to begin from is printed by 'precept template "
                    + role + "'");
        }
        return new PromptTemplate(version, text, new Parts(texts, places), role.criteria());
    }

    private static String constant(String text, int from, int to) throws InvalidTemplateException {
        String constant = text.substring(from, to);
        // Of the same length, so that the position stays.
        int open = constant.replace(ESCAPED, "   ").indexOf("{{");
        if (open >= 0) {
            throw new InvalidTemplateException("line " + line(text, from + open) + ": '{{' begins no place; write '"
                    + ESCAPED + "' for the braces themselves");
        }
        return constant.replace(ESCAPED, "{{");
    }

    private static Place place(Role role, String name, List<Place> before, int line) throws InvalidTemplateException {
        Place place = Place.named(name).filter(role.places()::contains).orElse(null);
        if (place == null) {
            throw new InvalidTemplateException("line " + line + ": {{" + name + "}} is no place of this template; its"
                    + " places are " + Place.list(role.places()) + "; write '" + ESCAPED
                    + "' for the braces themselves");
        }
        if (before.contains(place)) {
            throw new InvalidTemplateException("line " + line + ": " + place + " stands here a second time");
        }
        return place;
    }

    private static int line(String text, int index) {
        return (int) text.substring(0, index).chars().filter(c -> c == '\n').count() + 1;
    }

    /** {@code name/number} of a template of Precept's, or the SHA-256 of the user's own: part of a run's identity. */
    public String version() {
        return version;
    }

    /** The template itself. */
    public String text() {
        return text;
    }

    /** Whether the policies stand before all foreign text, as {@link Layout#SPEC_FIRST} needs. */
    public boolean beginsWithPolicies() {
        return filled.places.getFirst() == Place.POLICIES;
    }

    /** Whether an attempt that fell short can be given back in a request. */
    public boolean canRepair() {
        return filled.places.contains(Place.REPAIR);
    }

    /**
     * The messages of a request.
     *
     * @param layout one that the template allows
     */
    List<ChatMessage> render(Layout layout, Input input) {
        if (!layout.sharesPolicies()) {
            return List.of(ChatMessage.user(new MessageContent(pieces(0, input))));
        }
        if (!beginsWithPolicies()) {
            throw new IllegalArgumentException("the template has foreign text before its policies");
        }
        PreEncodedText shared = input.excerpt()
                .between(filled.texts.getFirst(), filled.texts.get(1).stripTrailing());
        List<CharSequence> own = pieces(1, input);
        if (layout == Layout.SPEC_FIRST) {
            return List.of(ChatMessage.system(MessageContent.of(shared)), ChatMessage.user(new MessageContent(own)));
        }
        List<CharSequence> all = new ArrayList<>(List.of(shared, ChatMessage.MERGED));
        all.addAll(own);
        return List.of(ChatMessage.user(new MessageContent(all)));
    }

    /** The text from a place on. Before the first one stands its constant text; before a later one it was written already. */
    private List<CharSequence> pieces(int first, Input input) {
        List<String> texts = filled.texts;
        List<Place> places = filled.places;
        List<CharSequence> pieces = new ArrayList<>();
        StringBuilder current = new StringBuilder(first == 0 ? texts.getFirst() : "");
        for (int i = first; i < places.size(); i++) {
            if (places.get(i) == Place.POLICIES) {
                pieces.add(current.toString());
                pieces.add(input.excerpt().between("", ""));
                current.setLength(0);
            }
            String inserted = ForeignParts.of(places.get(i), input);
            String next = texts.get(i + 1);
            boolean absent =
                    inserted.isEmpty() && (places.get(i) == Place.SIDE_INFORMATION || places.get(i) == Place.REPAIR);
            if (absent && next.isBlank() && i + 1 == places.size()) {
                current.setLength(current.toString().stripTrailing().length()); // at the end
                current.append(next);
            } else {
                current.append(inserted).append(absent ? next.stripLeading() : next); // leaves no gap
            }
        }
        pieces.add(current.toString());
        return pieces;
    }
}
