package dev.precept.sinks;

/** Steps of a commit after which tests stop the process. */
interface CrashPoint {
    CrashPoint NONE = step -> {};

    /** A completed step of a commit. */
    enum Step {
        /** The file is written and verified, locally only. */
        WRITTEN,
        UPLOADED,
        COMMITTED,
        /** Another sink committed first; the file is discarded. */
        SUPERSEDED,
        OFFSETS_COMMITTED
    }

    void passed(Step step);
}
