package dev.precept.dataset.concurrent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.content.Sha256;
import dev.precept.dataset.CommittedDataset;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.NeutralRows;
import dev.precept.dataset.chain.Chain;
import dev.precept.dataset.chain.ChainId;
import dev.precept.dataset.chain.Commit;
import dev.precept.records.Dedup;
import dev.precept.records.Message;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import dev.precept.records.Seq;
import dev.precept.records.Source;
import dev.precept.schemas.ContentId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;

/**
 * Commits the records of every topic as a sink does, from the head of each chain to the end of the topic. A topic is a file
 * with one record a line. Several processes may execute it at the same time.
 */
final class SinkCommand {
    static final String BUNDLE = "{\"name\":\"rules\"}";
    static final String SPECIFICATION = Sha256.hex(BUNDLE);
    static final Map<String, String> TOPIC_IDS = Map.of("samples", "topic-s", "rejections", "topic-r");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Dataset dataset;
    private final Path spool;

    SinkCommand(Dataset dataset, Path spool) {
        this.dataset = dataset;
        this.spool = spool;
    }

    ObjectNode execute(JsonNode command) throws IOException {
        Files.createDirectories(spool);
        Path topics = Path.of(command.path("topics").asText());
        for (String topic : List.of("samples", "rejections")) {
            for (int partition = 0; partition < dataset.partitions(); partition++) {
                List<String> records = Files.readAllLines(topics.resolve(topic + "-" + partition));
                commit(
                        new ChainId(topic, TOPIC_IDS.getOrDefault(topic, ""), partition),
                        records,
                        command.path("batch").asInt());
            }
        }
        return JSON.createObjectNode();
    }

    private void commit(ChainId id, List<String> records, int batch) throws IOException {
        Chain chain = new Chain(dataset.store(), id);
        long head = chain.head(0);
        while (head < records.size()) {
            long to = Math.min(head + batch, records.size());
            Commit commit = write(id, records, head, to);
            head = switch (chain.append(commit)) {
                case Chain.AppendResult.Committed _ -> to;
                case Chain.AppendResult.Superseded(Commit winner) -> winner.to();
            };
        }
    }

    private Commit write(ChainId chain, List<String> records, long from, long to) throws IOException {
        List<SpecificRecord> rows = new ArrayList<>();
        List<String> completed = new ArrayList<>();
        for (long offset = from; offset < to; offset++) {
            JsonNode json = JSON.readTree(records.get(Math.toIntExact(offset)));
            switch (json.path("kind").asText()) {
                case "sample" -> rows.add(sample(json));
                case "attempt" -> rows.add(attempt(json));
                case "rejection" -> rows.add(rejection(json));
                default -> completed.add(json.path("run").asText());
            }
            if (json.path("kind").asText().equals("sample")) {
                byte[] reply = json.path("token").asText().getBytes(StandardCharsets.UTF_8);
                String hash = Sha256.hex("reply " + json.path("token").asText());
                dataset.store().createIfAbsent("cache/" + hash.substring(0, 2) + "/" + hash + ".json", reply);
            }
        }
        return CommittedDataset.prepare(dataset, spool, chain, from, to, rows, completed);
    }

    private static Sample sample(JsonNode json) {
        int prompt = json.path("prompt").asInt();
        int slot = json.path("slot").asInt();
        Sample form = NeutralRows.sample(prompt, slot, json.path("score").asDouble());
        String text = "Answer " + json.path("token").asText();
        List<Message> messages = List.of(
                form.getMessages().get(0),
                form.getMessages().get(1),
                Message.newBuilder()
                        .setRole("assistant")
                        .setContent(text)
                        .setReasoningContent("Thought of " + text)
                        .build());
        form.setSampleId(json.path("id").asText());
        form.setRunId(json.path("run").asText());
        form.setMessages(messages);
        form.setReasoning("Thought of " + text);
        form.setAnswer(text);
        form.setSpecVersion(SPECIFICATION);
        form.setSource(source(form.getSource(), json));
        form.setDedup(Dedup.newBuilder()
                .setContentHash(ContentId.ofSample(messages, form.getTools()))
                .setBands(List.of())
                .setSeq(new Seq((long) prompt, 0, slot))
                .build());
        return form;
    }

    private static Rejection attempt(JsonNode json) {
        Rejection form = NeutralRows.attempt(
                json.path("prompt").asInt(), json.path("slot").asInt(), 1, 2);
        form.setAnswer("Answer " + json.path("token").asText());
        form.setReasoning("Thought " + json.path("token").asText());
        form.setSpecVersion(SPECIFICATION);
        return rejection(form, json);
    }

    private static Rejection rejection(JsonNode json) {
        return rejection(NeutralRows.rejection(json.path("prompt").asInt()), json);
    }

    private static Rejection rejection(Rejection form, JsonNode json) {
        form.setRunId(json.path("run").asText());
        form.setDetail(json.path("id").asText() + " " + json.path("token").asText());
        form.setSource(source(form.getSource(), json));
        return form;
    }

    private static Source source(Source form, JsonNode json) {
        return Source.newBuilder(form).setUri(json.path("source").asText()).build();
    }
}
