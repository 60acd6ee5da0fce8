package dev.precept.dataset.chain;

import dev.precept.store.ObjectStore;
import dev.precept.store.ObjectStore.ObjectInfo;
import dev.precept.store.ParallelCalls;
import dev.precept.store.StoreException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes commits from checkpoints. A checkpoint is used only if its commits are adjacent, are those that the chain's listing
 * has at these offsets, and its last one equals the stored commit; otherwise the commits are read one by one.
 */
final class CheckpointReader {
    private static final Logger log = LoggerFactory.getLogger(CheckpointReader.class);
    private static final int IN_FLIGHT = 16;

    private CheckpointReader() {}

    private record Stored(ListedChain listed, ChainId.CheckpointName name, String key) {}

    static void read(ObjectStore store, List<ListedChain> chains) throws IOException {
        List<ListedChain> longChains =
                chains.stream().filter(CheckpointReader::hasUnreadSegment).toList();
        List<Stored> stored = new ArrayList<>();
        for (List<Stored> each :
                ParallelCalls.map(longChains, ParallelCalls.SMALL_OBJECTS, chain -> list(store, chain))) {
            stored.addAll(each);
        }
        ParallelCalls.forEach(stored, IN_FLIGHT, each -> use(store, each));
    }

    private static boolean hasUnreadSegment(ListedChain chain) {
        return chain.size() > Checkpoint.COMMITS && !chain.isRead(chain.size() - Checkpoint.COMMITS - 1);
    }

    private static List<Stored> list(ObjectStore store, ListedChain chain) throws IOException {
        List<Stored> stored = new ArrayList<>();
        for (ObjectInfo each : store.listObjects(chain.chain().id().checkpointFolder())) {
            Optional<ChainId.CheckpointName> name = ChainId.parseCheckpointKey(each.key());
            if (name.isPresent() && isUnread(chain, name.get())) {
                stored.add(new Stored(chain, name.get(), each.key()));
            }
        }
        return stored;
    }

    private static boolean isUnread(ListedChain chain, ChainId.CheckpointName name) {
        int index = chain.indexOf(name.from());
        return index >= 0 && !chain.isRead(index);
    }

    private static void use(ObjectStore store, Stored stored) throws IOException {
        Optional<byte[]> content = store.read(stored.key);
        if (content.isEmpty()) {
            return;
        }
        try {
            List<Commit> commits = Checkpoint.read(stored.key, stored.name, content.get());
            if (isOf(stored.listed, commits)) {
                int first = stored.listed.indexOf(stored.name.from());
                for (int i = 0; i < commits.size(); i++) {
                    stored.listed.set(first + i, commits.get(i));
                }
            } else {
                ignore(stored.key, "does not hold the commits of its chain");
            }
        } catch (StoreException.Corrupt e) {
            ignore(stored.key, String.valueOf(e.getMessage()));
        }
    }

    private static boolean isOf(ListedChain listed, List<Commit> commits) throws IOException {
        if (commits.isEmpty()) {
            return false;
        }
        int first = listed.indexOf(commits.getFirst().from());
        for (int i = 0; i < commits.size(); i++) {
            if (first + i >= listed.size()
                    || listed.start(first + i) != commits.get(i).from()) {
                return false;
            }
        }
        return listed.chain().commitAt(commits.getLast().from()).equals(Optional.of(commits.getLast()));
    }

    private static void ignore(String key, String why) {
        log.atWarn()
                .addKeyValue("key", key)
                .addKeyValue("reason", why)
                .log("ignored a checkpoint; run 'precept verify'");
    }
}
