package dev.precept.prompts;

import static dev.precept.prompts.row.UnusableRowException.unreadable;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.prompts.row.Columns;
import dev.precept.prompts.row.Fields;
import dev.precept.prompts.row.JsonText;
import dev.precept.prompts.row.Row;
import dev.precept.prompts.row.UnusableRowException;
import dev.precept.records.Contamination;
import dev.precept.records.InputFault;
import dev.precept.records.Message;
import dev.precept.records.Origin;
import dev.precept.records.Prompt;
import dev.precept.records.RunParameters;
import dev.precept.records.UnusableLine;
import dev.precept.schemas.ContentId;
import dev.precept.schemas.PromptText;
import dev.precept.spec.Specification;
import dev.precept.text.contamination.ContaminationDetector;
import dev.precept.text.contamination.EvaluationIndex;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Converts a row into a prompt, or into an unusable line whose detail never quotes the prompt. */
final class RowReader {
    static final String UNLABELLED = "no category, and prompts.unlabelled is 'reject'";

    /** Finds nothing, and has no state. */
    static final ContaminationDetector NOTHING = new ContaminationDetector(EvaluationIndex.empty());

    private static final int MAX_PROMPT_BYTES = 256 << 10;
    private static final int MAX_NAMED_COLUMNS = 8;
    private static final int MAX_CACHED_COLUMNS = 10_000;

    private final String file;
    private final PromptSettings settings;
    private final Specification specification;
    private final RunParameters runParameters;
    private final Unlabelled unlabelled;
    private final CategoryNames categoryNames;
    private final ContaminationDetector contamination;
    private final Consumer<String> ignored;
    private final Consumer<String> notes;
    private final Map<String, Boolean> own = new HashMap<>();

    /**
     * @param contamination finds questions of evaluation sets in prompts
     * @param ignored receives the name of each unknown field of each row
     * @param notes receives what of each row was read otherwise than by the names and forms of the documentation
     */
    RowReader(
            String file,
            PromptSettings settings,
            Specification specification,
            RunParameters runParameters,
            ContaminationDetector contamination,
            Consumer<String> ignored,
            Consumer<String> notes) {
        this.file = file;
        this.settings = settings;
        this.specification = specification;
        this.runParameters = runParameters;
        this.unlabelled = settings.unlabelled(specification).orElse(Unlabelled.ALL);
        this.categoryNames = new CategoryNames(specification, settings.categoryMap(), notes);
        this.contamination = contamination;
        this.ignored = ignored;
        this.notes = notes;
    }

    /** Of a process that has already reported fields and notes, and that calls no model for a prompt. */
    RowReader(String file, PromptSettings settings, Specification specification, RunParameters runParameters) {
        this(file, settings, specification, runParameters, NOTHING);
    }

    /** Of a process that has already reported fields and notes. */
    RowReader(
            String file,
            PromptSettings settings,
            Specification specification,
            RunParameters runParameters,
            ContaminationDetector contamination) {
        this(file, settings, specification, runParameters, contamination, _ -> {}, _ -> {});
    }

    PromptSettings settings() {
        return settings;
    }

    ParsedRow read(Row row) {
        Origin origin = new Origin(file, String.valueOf(row.number()), row.number());
        try {
            Fields fields = new Fields(row.fields(), settings.fields(), notes);
            fields.id().ifPresent(origin::setId);
            return prompt(row, fields, origin);
        } catch (UnusableRowException e) {
            return unusable(row, new UnusableLine(row.sha256(), origin, e.fault(), e.detail(), 1), false);
        }
    }

    private ParsedRow prompt(Row row, Fields fields, Origin origin) throws UnusableRowException {
        @Nullable String tools = fields.tools();
        List<Message> messages = messages(fields, tools != null);
        List<String> categories = categoryNames.resolve(fields.categories());
        Prompt prompt = Prompt.newBuilder()
                .setPromptId(ContentId.ofPrompt(messages, tools))
                .setOrigin(origin)
                .setMessages(messages)
                .setTools(tools)
                .setCategories(categories)
                .setSideInfo(fields.text("side_info"))
                .setSource(fields.text("source"))
                .setLicense(fields.text("license"))
                .setSpecVersion(specification.version())
                .setSpecExcerptSha256(excerptSha256(categories))
                .setRunParameters(runParameters)
                .setContamination(contamination(messages))
                .setPersonal(PersonalPrompts.find(messages, runParameters))
                .build();
        fields.unused().filter(name -> !isOwn(name)).forEach(ignored);
        if (categories.isEmpty() && unlabelled == Unlabelled.REJECT) {
            return unusable(
                    row, new UnusableLine(row.sha256(), origin, InputFault.UNKNOWN_CATEGORY, UNLABELLED, 1), true);
        }
        return withinLimits(row, prompt);
    }

    private @Nullable Contamination contamination(List<Message> messages) {
        return contamination
                .find(PromptText.turns(messages))
                .map(match -> new Contamination(
                        match.set(), match.row(), match.words(), match.method().label(), match.score()))
                .orElse(null);
    }

    private String excerptSha256(List<String> categories) {
        boolean whole = categories.isEmpty() && unlabelled == Unlabelled.ALL;
        return specification
                .excerpt(whole ? specification.categories() : categories)
                .sha256();
    }

    private boolean isOwn(String column) {
        if (own.size() > MAX_CACHED_COLUMNS) {
            own.clear();
        }
        return own.computeIfAbsent(column, settings.fields()::isOwn);
    }

    /** An oversize prompt keeps its id, and all its slots become invalid. */
    private ParsedRow withinLimits(Row row, Prompt prompt) {
        int conversation = bytes(ContentId.canonicalPrompt(prompt.getMessages(), prompt.getTools()));
        int other = bytes(prompt.getSideInfo()) + bytes(prompt.getSource()) + bytes(prompt.getLicense());
        if (conversation <= MAX_PROMPT_BYTES && other <= MAX_PROMPT_BYTES) {
            return new ParsedRow.Usable(prompt, conversation + other);
        }
        String detail = conversation > MAX_PROMPT_BYTES
                ? "the conversation has " + conversation + " bytes; at most 256 KiB are allowed"
                : "side_info, source and license have " + other + " bytes; at most 256 KiB are allowed";
        return unusable(
                row,
                new UnusableLine(
                        prompt.getPromptId(),
                        prompt.getOrigin(),
                        InputFault.TOO_LARGE,
                        detail,
                        runParameters.getSamples()),
                false);
    }

    private List<Message> messages(Fields fields, boolean offersTools) throws UnusableRowException {
        Fields.Found prompt = fields.own("prompt");
        Fields.Found list = fields.own("messages");
        if (prompt == null && list == null) {
            list = fields.find("messages");
            prompt = list == null ? fields.find("prompt") : null;
        }
        if (list != null) {
            List<Message> messages =
                    new MessageReader(list.name(), ignored, notes).read(Fields.parsed(list), offersTools);
            if (prompt != null) {
                requireTurn(prompt, list, messages);
            }
            return messages;
        }
        if (prompt == null) {
            throw missing(fields);
        }
        return prompt(fields, prompt, offersTools);
    }

    private List<Message> prompt(Fields fields, Fields.Found prompt, boolean offersTools) throws UnusableRowException {
        JsonNode value = Fields.isTurns(prompt) ? Fields.parsed(prompt) : prompt.value();
        if (value.path(0).isObject()) {
            return new MessageReader(prompt.name(), ignored, notes).read(value, offersTools);
        }
        if (value.path(0).isTextual()) {
            if (value.size() > 1) {
                throw unreadable("'" + prompt.name() + "' holds " + value.size()
                        + " texts; name the one to use, as in prompts.fields: {prompt: " + prompt.name() + ".0}");
            }
            value = value.get(0);
        }
        String text = fields.withInput(prompt, JsonText.filled(value, prompt.name()));
        return List.of(Message.newBuilder().setRole("user").setContent(text).build());
    }

    /** Some data sets repeat the first turn of a conversation as its prompt. */
    private void requireTurn(Fields.Found prompt, Fields.Found list, List<Message> messages)
            throws UnusableRowException {
        String text = prompt.value().asText("").strip();
        boolean turn = messages.stream()
                .anyMatch(message -> message.getRole().equals("user")
                        && text.equals(String.valueOf(message.getContent()).strip()));
        if (!turn) {
            throw unreadable("both '" + prompt.name() + "' and '" + list.name() + "' are present; keep one");
        }
        notes.accept("'" + list.name() + "' read, of which '" + prompt.name() + "' repeats a turn");
    }

    private UnusableRowException missing(Fields fields) {
        String either = settings.fields().column("prompt");
        String or = settings.fields().column("messages");
        Optional<String> blank = fields.blank("prompt").or(() -> fields.blank("messages"));
        if (blank.isPresent()) {
            return unreadable(blank.get());
        }
        List<String> others = fields.columns().stream()
                .filter(name -> !isOwn(name))
                .map(name -> "'" + JsonText.shortened(name) + "'")
                .toList();
        String there = others.isEmpty()
                ? ""
                : others.stream().limit(MAX_NAMED_COLUMNS).collect(Collectors.joining(", ", "; the row has ", ""))
                        + (others.size() > MAX_NAMED_COLUMNS ? ", …" : "") + "; name the prompt's field, as in"
                        + " prompts.fields: {prompt: " + new Columns(fields.columns()).example() + "}";
        return unreadable("neither '" + either + "' nor '" + or + "' is present" + there);
    }

    private ParsedRow unusable(Row row, UnusableLine line, boolean unlabelledRow) {
        return new ParsedRow.Unusable(line, file + ":" + row.location(), unlabelledRow);
    }

    private static int bytes(@Nullable String text) {
        return text == null ? 0 : text.getBytes(StandardCharsets.UTF_8).length;
    }
}
