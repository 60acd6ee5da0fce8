package dev.precept.dataset.concurrent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.config.ConfigurationException;
import dev.precept.dataset.read.Pull;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A process that executes commands on a dataset, one at a time. It reads requests from standard input and writes reports to
 * standard output, one JSON object a line.
 */
public final class CommandProcess {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final PrintStream reports;
    private final Commands commands = new Commands();
    private CommandGate gate = new CommandGate(this::reportPause);

    private CommandProcess(PrintStream reports) {
        this.reports = reports;
    }

    public static void main(String[] args) throws IOException {
        PrintStream reports = System.out;
        System.setOut(System.err); // whatever else prints must not disturb the reports
        BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        CommandProcess process = new CommandProcess(reports);
        for (String line = requests.readLine(); line != null; line = requests.readLine()) {
            process.accept(JSON.readTree(line));
        }
        Runtime.getRuntime().halt(0); // a command may still wait for a grant
    }

    private void accept(JsonNode request) {
        CommandGate.Then then = CommandGate.Then.valueOf(request.path("then").asText());
        if (request.has("command")) {
            // One gate for each command, so that what is left of a killed one cannot use the calls of the next.
            gate = new CommandGate(this::reportPause);
            CommandGate ofCommand = gate;
            gate.grant(request.path("calls").asLong(), then);
            Thread.ofPlatform().name("command").start(() -> execute(request.path("command"), ofCommand));
        } else {
            gate.grant(request.path("calls").asLong(), then);
        }
    }

    private void execute(JsonNode command, CommandGate ofCommand) {
        ObjectNode report = JSON.createObjectNode();
        try {
            ObjectNode result = commands.execute(command, ofCommand);
            report.put("outcome", "ok").setAll(result);
        } catch (ConfigurationException e) {
            report.put("outcome", "refused").put("message", e.getMessage());
        } catch (IOException | UncheckedIOException | Pull.CorruptFileException e) {
            report.put("outcome", "failed").put("message", trace(e));
        } catch (Throwable e) { // a defect, for the test to report
            report.put("outcome", "broken").put("message", trace(e));
        }
        if (ofCommand.isCutOff()) {
            report = JSON.createObjectNode().put("outcome", "killed");
        }
        report.set("made", JSON.valueToTree(ofCommand.takeMade()));
        send(report);
    }

    private static String trace(Throwable e) {
        StringWriter text = new StringWriter();
        e.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    private void reportPause(List<String> made) {
        send(JSON.createObjectNode().set("made", JSON.valueToTree(made)));
    }

    private synchronized void send(ObjectNode report) {
        reports.println(report);
        reports.flush();
    }
}
