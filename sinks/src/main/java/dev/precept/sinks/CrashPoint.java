package dev.precept.sinks;

/** The moments between which a commit can be torn; tests stop the process there. */
interface CrashPoint {
    CrashPoint NONE = moment -> {};

    /** A step of a commit that has just been taken. */
    enum Moment {
        /** The file is made and checked, and nobody else has it. */
        MADE,
        UPLOADED,
        COMMITTED,
        /** Another sink was faster, and what was made is dropped. */
        LOST,
        HINTED
    }

    void passed(Moment moment);
}
