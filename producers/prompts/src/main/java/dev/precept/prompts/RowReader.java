package dev.precept.prompts;

import static dev.precept.prompts.row.UnusableRowException.unreadable;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.prompts.row.Fields;
import dev.precept.prompts.row.JsonText;
import dev.precept.prompts.row.Row;
import dev.precept.prompts.row.UnusableRowException;
import dev.precept.records.InputFault;
import dev.precept.records.Message;
import dev.precept.records.Origin;
import dev.precept.records.Prompt;
import dev.precept.records.RunParameters;
import dev.precept.records.UnusableLine;
import dev.precept.schemas.ContentId;
import dev.precept.spec.Specification;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Converts a row into a prompt, or into an unusable line whose detail never quotes the prompt. */
final class RowReader {
    private static final int MAX_PROMPT_BYTES = 256 << 10;

    private final String file;
    private final PromptSettings settings;
    private final Specification specification;
    private final RunParameters runParameters;
    private final Set<String> known;
    private final Consumer<String> ignored;
    private final MessageReader turns;

    /** @param ignored receives the name of each unknown field of each row */
    RowReader(
            String file,
            PromptSettings settings,
            Specification specification,
            RunParameters runParameters,
            Consumer<String> ignored) {
        this.file = file;
        this.settings = settings;
        this.specification = specification;
        this.runParameters = runParameters;
        this.known = settings.fields().allColumns();
        this.ignored = ignored;
        this.turns = new MessageReader(settings.fields().column("messages"), ignored);
    }

    PromptSettings settings() {
        return settings;
    }

    ParsedRow read(Row row) {
        Origin origin = new Origin(file, String.valueOf(row.number()), row.number());
        try {
            Fields fields = new Fields(row.fields(), settings.fields());
            fields.id().ifPresent(origin::setId);
            return prompt(row, fields, origin);
        } catch (UnusableRowException e) {
            return unusable(row, new UnusableLine(row.sha256(), origin, e.fault(), e.detail(), 1));
        }
    }

    private ParsedRow prompt(Row row, Fields fields, Origin origin) throws UnusableRowException {
        fields.names().filter(name -> !known.contains(name)).forEach(ignored);
        @Nullable String tools = fields.tools();
        List<Message> messages = messages(fields, tools != null);
        List<String> categories = categories(fields);
        Prompt prompt = Prompt.newBuilder()
                .setPromptId(ContentId.ofPrompt(messages, tools))
                .setOrigin(origin)
                .setMessages(messages)
                .setTools(tools)
                .setCategories(categories)
                .setSideInfo(fields.sideInfo())
                .setSource(fields.text("source"))
                .setLicense(fields.text("license"))
                .setSpecVersion(specification.version())
                .setSpecExcerptSha256(specification.excerpt(categories).sha256())
                .setRunParameters(runParameters)
                .build();
        return withinLimits(row, prompt);
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
                        runParameters.getSamples()));
    }

    private List<Message> messages(Fields fields, boolean offersTools) throws UnusableRowException {
        JsonNode prompt = fields.value("prompt");
        JsonNode list = fields.value("messages");
        String either = "'" + settings.fields().column("prompt") + "'";
        String or = "'" + settings.fields().column("messages") + "'";
        if (prompt != null && list != null) {
            throw unreadable("both " + either + " and " + or + " are present; keep one");
        }
        if (list != null) {
            return turns.read(list, offersTools);
        }
        if (prompt == null) {
            throw unreadable("neither " + either + " nor " + or + " is present");
        }
        return List.of(Message.newBuilder()
                .setRole("user")
                .setContent(JsonText.filled(prompt, settings.fields().column("prompt")))
                .build());
    }

    private List<String> categories(Fields fields) throws UnusableRowException {
        List<String> categories = fields.categories();
        List<String> unknown = specification.unknownCategories(categories);
        if (!unknown.isEmpty()) {
            throw new UnusableRowException(
                    InputFault.UNKNOWN_CATEGORY,
                    "the specification has no category '" + JsonText.shortened(unknown.getFirst()) + "'");
        }
        return categories;
    }

    private ParsedRow unusable(Row row, UnusableLine line) {
        return new ParsedRow.Unusable(line, file + ":" + row.location());
    }

    private static int bytes(@Nullable String text) {
        return text == null ? 0 : text.getBytes(StandardCharsets.UTF_8).length;
    }
}
