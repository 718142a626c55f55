package org.redisbackup.rdb.decode;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.redisbackup.rdb.Element;
import org.redisbackup.rdb.Loss;

/**
 * Rebuilds a stream: {@code XADD} of its entries, {@code XGROUP} and {@code XCLAIM} of its groups, {@code XSETID} last.
 *
 * <p>Servers forget a claim of an entry that is not there, and add no entry below the last. So pending entries that were
 * deleted are added in their turn and deleted again when they were claimed.
 */
final class StreamCommands implements ElementVisitor {
    private static final byte[] DUMMY = {'-'};
    private static final int DELETED_AT_ONCE = 1000;

    private final byte[] key;
    private final TargetFeatures features;
    private final CommandSink sink;
    private final Set<Loss> losses;
    private final List<StreamId> pendingIds;
    private final boolean knowsPendingIds;
    private final RespCommand command;
    private final List<StreamId> added = new ArrayList<>(); // to be deleted again
    private int nextPending;
    private StreamId first; // live entry
    private StreamId lastLive;
    private StreamState state;
    private byte[] group;
    private byte[] consumer;
    private boolean consumerIsIdle;

    /**
     * @param command to be filled
     * @param pendingIds of all groups, in order; null when they can't be known before the entries are told
     */
    StreamCommands(
            byte[] key,
            TargetFeatures features,
            RespCommand command,
            CommandSink sink,
            Set<Loss> losses,
            List<StreamId> pendingIds) {
        this.command = command;
        this.key = key;
        this.features = features;
        this.sink = sink;
        this.losses = losses;
        this.pendingIds = pendingIds == null ? List.of() : pendingIds;
        knowsPendingIds = pendingIds != null;
    }

    @Override
    public void entry(long millis, long sequence) throws IOException {
        StreamId id = new StreamId(millis, sequence);
        addDeletedBelow(id);
        first = first == null ? id : first;
        lastLive = id;
        command.start("XADD", key);
        command.word(id.toString());
    }

    @Override
    public void field(Element field) throws IOException {
        command.word(field);
    }

    @Override
    public void value(Element value) throws IOException {
        command.word(value);
    }

    @Override
    public void entryEnds() throws IOException {
        command.sendTo(sink);
    }

    /** @param id the next live entry, null behind the last */
    private void addDeletedBelow(StreamId id) throws IOException {
        for (; nextPending < pendingIds.size(); nextPending++) {
            StreamId next = pendingIds.get(nextPending);
            int order = id == null ? -1 : next.compareTo(id);
            if (order > 0) {
                return;
            }
            boolean known = !added.isEmpty() && added.get(added.size() - 1).equals(next);
            if (next.equals(StreamId.ZERO)) {
                losses.add(Loss.PENDING_OF_ZERO);
            } else if (order < 0 && !known && !next.equals(lastLive)) {
                add(next);
                added.add(next);
            }
        }
    }

    private void add(StreamId id) throws IOException {
        command.start("XADD", key);
        command.word(id.toString());
        command.word(DUMMY);
        command.word(DUMMY);
        command.sendTo(sink);
    }

    @Override
    public void streamState(StreamState stated) throws IOException {
        state = stated;
        addDeletedBelow(null);
        if (first == null && added.isEmpty()) {
            createEmpty();
        }
        if (stated.counters() != null && !features.streamCounters()) {
            losses.add(Loss.STREAM_COUNTERS);
        }
    }

    private void createEmpty() throws IOException {
        StreamId last = last();
        command.start("XADD", key);
        command.word("MAXLEN");
        command.word(0);
        command.word((last.equals(StreamId.ZERO) ? StreamId.LOWEST : last).toString());
        command.word(DUMMY);
        command.word(DUMMY);
        command.sendTo(sink);
    }

    private StreamId last() {
        return new StreamId(state.lastMillis(), state.lastSequence());
    }

    @Override
    public void group(Element name, long lastMillis, long lastSequence, long entriesRead) throws IOException {
        endConsumer();
        group = copy(name);
        StreamId last = new StreamId(lastMillis, lastSequence);
        command.start("XGROUP", "CREATE".getBytes(US_ASCII));
        command.word(key);
        command.word(group);
        command.word(last.toString());
        long read = state.counters() == null ? estimatedRead(last) : entriesRead;
        if (features.streamCounters() && read != UNKNOWN) {
            command.word("ENTRIESREAD");
            command.word(read);
        }
        command.sendTo(sink);
    }

    /** What servers since 7.0 take to be the number of entries that a group has read, when a file does not say. */
    private long estimatedRead(StreamId last) {
        if (state.length() == 0 || first == null || last.compareTo(first) < 0) {
            return 0;
        }
        if (last.equals(last())) {
            return state.length();
        }
        return last.equals(first) ? 1 : UNKNOWN;
    }

    @Override
    public void consumer(Element name, long seenAt, long activeAt) throws IOException {
        endConsumer();
        consumer = copy(name);
        consumerIsIdle = true;
        losses.add(Loss.CONSUMER_TIMES);
        if (features.consumers()) {
            command.start("XGROUP", "CREATECONSUMER".getBytes(US_ASCII));
            command.word(key);
            command.word(group);
            command.word(consumer);
            command.sendTo(sink);
        }
    }

    private void endConsumer() {
        if (consumer != null && consumerIsIdle && !features.consumers()) {
            losses.add(Loss.IDLE_CONSUMERS);
        }
        consumer = null;
    }

    @Override
    public void pending(long millis, long sequence, long deliveredAt, long deliveries) throws IOException {
        consumerIsIdle = false;
        if (!knowsPendingIds) {
            losses.add(Loss.PENDING_OF_DELETED);
        }
        command.start("XCLAIM", key);
        command.word(group);
        command.word(consumer);
        command.word(0);
        command.word(new StreamId(millis, sequence).toString());
        command.word("TIME");
        command.word(deliveredAt);
        command.word("RETRYCOUNT");
        command.word(deliveries);
        command.word("FORCE");
        command.word("JUSTID");
        command.sendTo(sink);
    }

    @Override
    public void givenBack(long millis, long sequence, long deliveredAt, long deliveries) {
        losses.add(Loss.GIVEN_BACK);
    }

    @Override
    public void producer(Element id) {
        losses.add(Loss.PRODUCERS);
    }

    private static byte[] copy(Element element) {
        byte[] bytes = element.bytes();
        return Arrays.copyOfRange(bytes, element.start(), element.start() + element.length());
    }

    /** Sends what has to come last. */
    void end() throws IOException {
        endConsumer();
        for (int from = 0; from < added.size(); from += DELETED_AT_ONCE) {
            command.start("XDEL", key);
            for (StreamId id : added.subList(from, Math.min(added.size(), from + DELETED_AT_ONCE))) {
                command.word(id.toString());
            }
            command.sendTo(sink);
        }
        command.start("XSETID", key);
        command.word(last().toString());
        if (features.streamCounters()) {
            StreamState.Counters counters = state.counters();
            command.word("ENTRIESADDED");
            command.word(counters == null ? state.length() : counters.entriesAdded());
            command.word("MAXDELETEDID");
            command.word(maxDeleted(counters).toString());
        }
        command.sendTo(sink);
    }

    /** Servers take 0-0 for no answer, which leaves the greatest of the entries that were deleted just now. */
    private StreamId maxDeleted(StreamState.Counters counters) {
        StreamId stated = counters == null
                ? StreamId.ZERO
                : new StreamId(counters.maxDeletedMillis(), counters.maxDeletedSequence());
        return stated.equals(StreamId.ZERO) && !added.isEmpty() ? StreamId.LOWEST : stated;
    }
}
