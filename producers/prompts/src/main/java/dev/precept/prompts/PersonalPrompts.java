package dev.precept.prompts;

import dev.precept.records.Message;
import dev.precept.records.PersonalFinding;
import dev.precept.records.PersonalScreen;
import dev.precept.records.Prompt;
import dev.precept.records.RunParameters;
import dev.precept.schemas.PersonalText;
import dev.precept.text.personal.PersonalData;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds and counts the prompts with personal data, where a run rejects them: no model is called for them. */
final class PersonalPrompts {
    private long count;
    private String first = "";

    /** What ends the slots of the prompt; null if nothing does. */
    static @Nullable List<PersonalFinding> find(List<Message> messages, RunParameters parameters) {
        if (parameters.getPersonalScreen() != PersonalScreen.REJECT) {
            return null;
        }
        String text = messages.stream()
                .flatMap(message ->
                        Stream.of(message.getContent(), message.getReasoningContent(), message.getToolCalls()))
                .filter(Objects::nonNull)
                .collect(Collectors.joining("\n\n"));
        List<PersonalFinding> found = PersonalData.in(text).counts().entrySet().stream()
                .map(kind -> new PersonalFinding(kind.getKey().label(), "prompt", kind.getValue()))
                .toList();
        return found.isEmpty() ? null : found;
    }

    void add(String file, Prompt prompt) {
        if (prompt.getPersonal() != null && count++ == 0) {
            first = file + ":" + prompt.getOrigin().getLine() + " holds " + PersonalText.describe(prompt.getPersonal());
        }
    }

    /** One line, or none; it names kinds and places only. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        if (count > 0) {
            lines.add(String.format(
                    Locale.ROOT, "prompts: a prompt with personal data ends as PERSONAL_DATA (%,d); %s", count, first));
        }
        return lines;
    }
}
