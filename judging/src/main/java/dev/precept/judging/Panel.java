package dev.precept.judging;

import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * The judges of a run. The votes on a candidate are dealt to them in this order: the first judge gives the votes from 1 on,
 * then the second one. A judge alone is a panel of one.
 *
 * @param members at least one
 * @param <J> what is known of a judge, such as its settings
 */
public record Panel<J>(List<Member<J>> members) {
    public Panel {
        members = List.copyOf(members);
        if (members.isEmpty()) {
            throw new IllegalArgumentException("a panel has at least one judge");
        }
    }

    /** @param votes on each candidate, at least 1 */
    public record Member<J>(J judge, int votes) {}

    /** A judge that gives all votes. */
    public static <J> Panel<J> of(J judge, int votes) {
        return new Panel<>(List.of(new Member<>(judge, votes)));
    }

    /** The judge of a vote, from 1; of one beyond the votes of all the last one. */
    public J judgeOf(int vote) {
        int dealt = 0;
        for (Member<J> member : members) {
            dealt += member.votes;
            if (vote <= dealt) {
                return member.judge;
            }
        }
        return members.getLast().judge;
    }

    public List<J> judges() {
        return members.stream().map(Member::judge).toList();
    }

    /** As {@link #map}, with the others in the order of the judges. */
    public <K> Panel<K> with(List<K> others) {
        if (others.size() != members.size()) {
            throw new IllegalArgumentException(members.size() + " judges, not " + others.size());
        }
        return new Panel<>(IntStream.range(0, members.size())
                .mapToObj(n -> new Member<>(others.get(n), members.get(n).votes))
                .toList());
    }

    /** The votes on each candidate. */
    public int votes() {
        return members.stream().mapToInt(Member::votes).sum();
    }

    /** A panel with the same votes. */
    public <K> Panel<K> map(Function<? super J, ? extends K> judge) {
        return new Panel<>(members.stream()
                .map(member -> new Member<K>(judge.apply(member.judge), member.votes))
                .toList());
    }
}
