package dev.precept.sinks;

import dev.precept.records.Sample;
import dev.precept.sinks.view.Split;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which samples a version keeps. The order is that of the sample ids, which are hashes. */
final class Selection implements Stock {
    private final Judged judged;
    private final Optional<Double> threshold;
    private final Map<Split, List<Key>> order;
    private final List<Hash> duplicates;
    private final int below;
    private final int broughtIn;

    private Selection(
            Judged judged,
            Optional<Double> threshold,
            Map<Split, List<Key>> order,
            List<Hash> duplicates,
            int below,
            int broughtIn) {
        this.judged = judged;
        this.threshold = threshold;
        this.order = order;
        this.duplicates = duplicates;
        this.below = below;
        this.broughtIn = broughtIn;
    }

    /**
     * Keeps what passes the threshold and, of samples with the same content, the one that was asked first.
     *
     * @param threshold empty for that of each run
     */
    static Selection of(Judged judged, Splits splits, Optional<Double> threshold) throws IOException {
        Firsts firsts = new Firsts();
        List<Hash> below = new ArrayList<>();
        judged.samples(sample -> {
            if (threshold.isPresent() && sample.getJudgeMin() < threshold.get()) {
                below.add(Hash.of(sample.getSampleId()));
            } else {
                firsts.offer(sample.getDedup().getContentHash(), FirstAsked.of(sample, splits));
            }
        });
        List<Hash> kept = firsts.ids();
        int broughtIn = 0;
        if (threshold.isPresent()) {
            for (LowerThreshold.Attempt attempt : LowerThreshold.of(judged, kept, threshold.get(), splits)) {
                firsts.offer(attempt.contentHash(), attempt.asked());
                broughtIn++;
            }
        }
        kept.addAll(below);
        requireOnce(kept);
        Keys keys = new Keys();
        firsts.kept().forEach(first -> keys.add(first.split(), new Key(first.sampleId(), "")));
        return new Selection(judged, threshold, keys.ordered(), firsts.duplicates(), below.size(), broughtIn);
    }

    private static void requireOnce(List<Hash> ids) throws IOException {
        Collections.sort(ids);
        for (int at = 1; at < ids.size(); at++) {
            if (ids.get(at).equals(ids.get(at - 1))) {
                throw new IOException("sample " + ids.get(at)
                        + " is committed twice; one slot gives one sample, so this dataset cannot be trusted");
            }
        }
    }

    int kept() {
        return order.values().stream().mapToInt(List::size).sum();
    }

    /** Ids of exact duplicates that were left out. */
    List<Hash> duplicates() {
        return duplicates;
    }

    /** How many samples their run kept, and the threshold leaves out. */
    int below() {
        return below;
    }

    /** How many attempts their run turned down, and the threshold lets in. */
    int broughtIn() {
        return broughtIn;
    }

    @Override
    public Map<Split, List<Key>> keys() {
        return order;
    }

    @Override
    public Key key(Sample sample) {
        return Key.of(sample.getSampleId());
    }

    @Override
    public int samplesOfRow() {
        return 1;
    }

    @Override
    public void each(CommittedRows.Reader<Sample> reader) throws IOException {
        judged.samples(sample -> {
            if (!isBelow(sample) && Collections.binarySearch(duplicates, Hash.of(sample.getSampleId())) < 0) {
                reader.read(sample);
            }
        });
        if (broughtIn > 0) {
            judged.attempts(attempt -> {
                if (keeps(attempt.said())) {
                    reader.read(attempt.said());
                }
            });
        }
    }

    /** Reads what was judged and not good enough, for its run or for this version. */
    void turnedDown(CommittedRows.Reader<Sample> reader) throws IOException {
        judged.attempts(attempt -> {
            if (broughtIn == 0 || !keeps(attempt.said())) {
                reader.read(attempt.said());
            }
        });
        if (below > 0) {
            judged.samples(sample -> {
                if (isBelow(sample)) {
                    reader.read(sample);
                }
            });
        }
    }

    private boolean isBelow(Sample sample) {
        return threshold.isPresent() && sample.getJudgeMin() < threshold.get();
    }

    private boolean keeps(Sample sample) {
        Key key = key(sample);
        return order.values().stream().anyMatch(side -> Collections.binarySearch(side, key) >= 0);
    }
}
