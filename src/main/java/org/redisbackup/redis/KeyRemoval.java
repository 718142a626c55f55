package org.redisbackup.redis;

import java.io.Closeable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Deletes keys of a target by name, in pipelines of {@value #PIPELINED}, each key on the server and in the database that
 * has it. What a failover or a broken connection leaves unanswered is deleted again: that does no harm. Used by one thread.
 */
public final class KeyRemoval implements Closeable {
    private static final int PIPELINED = 1000;

    private final TargetLookup servers;
    private final Sender sender;
    private final Target target;
    private final List<Name> names = new ArrayList<>();
    private long deleted;

    private static final class Name implements Comparable<Name> {
        final int db;
        final byte[] key;

        Name(int db, byte[] key) {
            this.db = db;
            this.key = key;
        }

        @Override
        public int compareTo(Name other) {
            return Integer.compare(db, other.db);
        }
    }

    /**
     * @param timeoutMillis for each connection, and for each pipeline of answers
     * @param sender whose connections these are, and who says whether they may still write
     */
    public KeyRemoval(Target target, int timeoutMillis, Sender sender) {
        this.target = target;
        this.sender = sender;
        servers = new TargetLookup(target, timeoutMillis, sender.name(), "delete keys; permit UNLINK");
    }

    /**
     * Deletes a key, now or with some that follow.
     *
     * @throws DeliveryException with one sentence when the target does not answer or refuses, or the sender may write no more
     */
    public void add(int db, byte[] key) throws DeliveryException {
        names.add(new Name(db, key));
        if (names.size() == PIPELINED) {
            flush();
        }
    }

    /** Deletes what was added. */
    public void flush() throws DeliveryException {
        if (names.isEmpty()) {
            return;
        }
        if (!sender.mayWrite().getAsBoolean()) {
            throw new DeliveryException(
                    "Keys that the backup holds no more are left on " + target.address()
                            + ", because another instance of the service may have taken the import over",
                    RestoreResult.NONE,
                    null);
        }
        names.sort(null);
        boolean unlinks = servers.capabilities().unlinks();
        List<TargetLookup.Answer<Long>> answers = servers.ask(
                new TargetLookup.Keys() {
                    @Override
                    public int db(int record) {
                        return names.get(record).db;
                    }

                    @Override
                    public int slot(int record) {
                        byte[] key = names.get(record).key;
                        return HashSlot.of(key, 0, key.length);
                    }
                },
                IntStream.range(0, names.size()).boxed().toList(),
                (pipeline, record) -> {
                    byte[] key = names.get(record).key;
                    return unlinks ? pipeline.unlink(key) : pipeline.del(key);
                });
        deleted += answers.stream().mapToLong(TargetLookup.Answer::said).sum();
        names.clear();
    }

    /** How many of the keys the target had. */
    public long deleted() {
        return deleted;
    }

    @Override
    public void close() {
        servers.close();
    }
}
