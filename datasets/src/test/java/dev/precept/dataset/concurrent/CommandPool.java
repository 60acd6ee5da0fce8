package dev.precept.dataset.concurrent;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Processes that execute commands. For one thread. */
final class CommandPool implements AutoCloseable {
    private final Path log;
    private final Map<String, String> environment;
    private final List<CommandClient> clients = new ArrayList<>();

    CommandPool(int size, Path log, Map<String, String> environment) {
        this.log = log;
        this.environment = environment;
        for (int i = 0; i < size; i++) {
            clients.add(CommandClient.start(log, environment));
        }
    }

    int size() {
        return clients.size();
    }

    CommandClient get(int index) {
        return clients.get(index);
    }

    /** Puts a new process in place of one that has ended or shall be killed. */
    void replace(int index) {
        clients.get(index).close();
        clients.set(index, CommandClient.start(log, environment));
    }

    @Override
    public void close() {
        clients.forEach(CommandClient::close);
    }
}
