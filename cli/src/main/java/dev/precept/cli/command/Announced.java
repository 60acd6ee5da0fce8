package dev.precept.cli.command;

import dev.precept.reward.RewardApp;
import dev.precept.runtime.App;
import java.io.PrintStream;
import java.util.Optional;

/** The reward service, which says where it listens once it does. */
final class Announced implements App {
    private final RewardApp app;
    private final PrintStream out;

    Announced(RewardApp app, PrintStream out) {
        this.app = app;
        this.out = out;
    }

    @Override
    public String name() {
        return app.name();
    }

    @Override
    public void start() {
        app.start();
        out.println("rewards at " + app.url() + " (/slime /get_reward /score /verify /reward); Ctrl-C stops");
        out.flush();
    }

    @Override
    public Optional<Throwable> failure() {
        return app.failure();
    }

    @Override
    public Optional<String> readinessProblem() {
        return app.readinessProblem();
    }

    @Override
    public Optional<String> startupProblem() {
        return app.startupProblem();
    }

    @Override
    public void close() {
        app.close();
    }
}
