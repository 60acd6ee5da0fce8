package dev.precept.cli.nemesis;

import dev.precept.testkit.Seed;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;

/**
 * The faults of one seed, in order.
 *
 * @param busy whether the model answers at once, so that every fault meets as much work as there can be
 * @param early whether the first fault comes while the processes start
 * @param steps executed one after the other; their effects overlap
 */
record Schedule(boolean busy, boolean early, List<Step> steps) {
    /** Those that are lost most easily most often. */
    private static final List<String> KILLED = List.of(
            "streams", "streams", "sink", "sink", "generator", "judge", "streams", "sink", "generator", "judge");

    private static final List<Fault> ONCE = List.of(
            Fault.SUSPEND,
            Fault.SUSPEND_NODE,
            Fault.TERMINATE,
            Fault.CUT,
            Fault.FREEZE,
            Fault.SCALE,
            Fault.SCALE,
            Fault.MODEL_OFF,
            Fault.MODEL_CUT,
            Fault.STORE_OFF,
            Fault.REGISTRY_CUT,
            Fault.FULL_DISK,
            Fault.CLOCK,
            Fault.NODE_CLOCK,
            Fault.REPLAY,
            Fault.FORGE);

    /**
     * One fault.
     *
     * @param role of the member, where the fault needs one
     * @param answers model answers to wait for before it, so that it meets work
     * @param millis how long its effect lasts: until the restart, or until it is undone
     * @param draw for further choices of the fault
     */
    record Step(Fault fault, String role, int answers, long millis, int draw) {}

    /** @param others faults beside the kills */
    static Schedule random(long seed, int kills, int others) {
        RandomGenerator random = Seed.random(seed);
        List<Fault> faults = new ArrayList<>();
        for (int kill = 0; kill < kills; kill++) {
            int drawn = random.nextInt(10);
            faults.add(drawn == 0 ? Fault.KILL_NODE : drawn == 1 ? Fault.KILL_AND_WIPE : Fault.KILL);
        }
        List<Fault> once = new ArrayList<>(ONCE);
        Collections.shuffle(once, new Random(random.nextLong()));
        faults.addAll(once.subList(0, Math.min(others, once.size())));
        Collections.shuffle(faults, new Random(random.nextLong()));
        return new Schedule(
                false,
                random.nextInt(4) == 0,
                faults.stream()
                        .map(fault -> new Step(
                                fault,
                                KILLED.get(random.nextInt(KILLED.size())),
                                random.nextInt(1, 16),
                                millis(fault, random),
                                random.nextInt(1 << 20)))
                        .toList());
    }

    /**
     * The same fault of the same role again and again.
     *
     * @param answers of the model before each
     */
    static Schedule of(Fault fault, String role, int times, int answers, long millis) {
        List<Step> steps = new ArrayList<>();
        for (int time = 0; time < times; time++) {
            steps.add(new Step(fault, role, answers, millis, time));
        }
        return new Schedule(false, false, steps);
    }

    Schedule whileBusy() {
        return new Schedule(true, early, steps);
    }

    Schedule then(Schedule more) {
        List<Step> all = new ArrayList<>(steps);
        all.addAll(more.steps);
        return new Schedule(busy, early, all);
    }

    private static long millis(Fault fault, RandomGenerator random) {
        return switch (fault) {
            case KILL, KILL_NODE, KILL_AND_WIPE, TERMINATE -> random.nextLong(0, 2_000);
            case SUSPEND -> random.nextLong(7_000, 9_000);
            case SUSPEND_NODE, CUT, MODEL_OFF, MODEL_CUT, STORE_OFF, REGISTRY_CUT -> random.nextLong(1_000, 6_000);
            case FREEZE -> random.nextLong(2_000, 9_000);
            case FULL_DISK, CLOCK, NODE_CLOCK -> random.nextLong(2_000, 6_000);
            case SCALE, REPLAY, FORGE -> 0;
        };
    }

    int kills() {
        return (int) steps.stream().filter(step -> step.fault().isKill()).count();
    }
}
