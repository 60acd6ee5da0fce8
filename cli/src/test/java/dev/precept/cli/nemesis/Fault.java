package dev.precept.cli.nemesis;

/** What is done to a site. */
enum Fault {
    /** SIGKILL, and a new process after a moment. */
    KILL(true),
    KILL_NODE(true),
    /** SIGKILL, and the folder of the process is lost. */
    KILL_AND_WIPE(true),
    /** SIGSTOP for longer than a session, then SIGCONT: a zombie. */
    SUSPEND(false),
    SUSPEND_NODE(false),
    /** SIGTERM, and a new process: a rolling restart. */
    TERMINATE(false),
    /** The network between a member and Kafka ends its connections. */
    CUT(false),
    /** The network between a member and Kafka passes nothing. */
    FREEZE(false),
    /** A second process of a role starts, or ends. */
    SCALE(false),
    MODEL_OFF(false),
    MODEL_CUT(false),
    STORE_OFF(false),
    REGISTRY_CUT(false),
    FULL_DISK(false),
    CLOCK(false),
    NODE_CLOCK(false),
    /** Candidates and verdicts are published again. */
    REPLAY(false),
    /** A verdict on other bytes than those that are judged. */
    FORGE(false);

    private final boolean kill;

    Fault(boolean kill) {
        this.kill = kill;
    }

    boolean isKill() {
        return kill;
    }
}
