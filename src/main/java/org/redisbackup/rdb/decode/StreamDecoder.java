package org.redisbackup.rdb.decode;

import java.io.IOException;
import org.redisbackup.rdb.ByteWindow;
import org.redisbackup.rdb.Element;
import org.redisbackup.rdb.RdbFormatException;
import org.redisbackup.rdb.RdbPrimitives;
import org.redisbackup.rdb.StringCursor;

/**
 * Streams: nodes of entries, then what the stream knows of itself, then consumer groups, then producers.
 *
 * <p>Generations differ in what they add: 1 is type 15, 2 is type 19 (entry counters), 3 is type 21 (consumers' active
 * time), 4 is type 26 (producers whose entries are added once only), 5 is type 27 (entries given back).
 */
final class StreamDecoder {
    private static final int MAX_NAME = 1 << 20;

    private final ByteWindow in;
    private final RdbPrimitives primitives;
    private final StringCursor strings;
    private final BlobReader blobs;
    private final ElementVisitor visitor;
    private final StreamNode node;
    private int generation;
    private final PendingEntries pending = new PendingEntries();
    private final Element held = new Element();

    StreamDecoder(
            ByteWindow in, RdbPrimitives primitives, StringCursor strings, BlobReader blobs, ElementVisitor visitor) {
        this.in = in;
        this.primitives = primitives;
        this.strings = strings;
        this.blobs = blobs;
        this.visitor = visitor;
        node = new StreamNode(visitor);
    }

    void decode(int streamGeneration) throws IOException {
        generation = streamGeneration;
        long nodes = primitives.length();
        for (long i = 0; i < nodes; i++) {
            strings.next();
            byte[] key = strings.bytes();
            if (strings.length() != 2 * Long.BYTES) {
                throw broken("the id of a stream node has " + strings.length() + " bytes: 16 expected");
            }
            node.startsAt(key, strings.start());
            long offset = in.offset();
            blobs.open(node.listpack());
            node.decode(offset);
            blobs.end();
        }
        state();
        long groups = primitives.length();
        for (long i = 0; i < groups; i++) {
            group();
        }
        if (generation >= 4) {
            producers();
        }
    }

    private void state() throws IOException {
        long length = primitives.unsigned64();
        long lastMillis = primitives.unsigned64();
        long lastSequence = primitives.unsigned64();
        StreamState.Counters counters = null;
        if (generation >= 2) {
            counters = new StreamState.Counters(
                    primitives.unsigned64(),
                    primitives.unsigned64(),
                    primitives.unsigned64(),
                    primitives.unsigned64(),
                    primitives.unsigned64());
        }
        visitor.streamState(new StreamState(length, lastMillis, lastSequence, counters));
    }

    private void group() throws IOException {
        byte[] name = primitives.string(MAX_NAME, "the name of a consumer group");
        long lastMillis = primitives.unsigned64();
        long lastSequence = primitives.unsigned64();
        long entriesRead = generation >= 2 ? primitives.unsigned64() : ElementVisitor.UNKNOWN;
        held.setText(name, 0, name.length);
        visitor.group(held, lastMillis, lastSequence, entriesRead);
        pending.read(in, primitives);
        long consumers = primitives.length();
        for (long i = 0; i < consumers; i++) {
            byte[] consumer = primitives.string(MAX_NAME, "the name of a consumer");
            long seenAt = in.littleEndianLong();
            long activeAt = generation >= 3 ? in.littleEndianLong() : ElementVisitor.UNKNOWN;
            held.setText(consumer, 0, consumer.length);
            visitor.consumer(held, seenAt, activeAt);
            owned(false);
        }
        if (generation >= 5) {
            owned(true);
        }
        if (pending.unowned() > 0) {
            throw broken(pending.unowned() + " pending entries of a group belong to none of its consumers");
        }
    }

    /** The ids of pending entries that a consumer owns, or that were given back. */
    private void owned(boolean givenBack) throws IOException {
        long ids = primitives.length();
        for (long i = 0; i < ids; i++) {
            long millis = in.bigEndian(8);
            long sequence = in.bigEndian(8);
            int entry = pending.own(millis, sequence);
            if (entry < 0) {
                throw broken("pending entry " + new StreamId(millis, sequence) + " of a consumer"
                        + " is not among those of its group, or belongs to another");
            }
            if (givenBack) {
                visitor.givenBack(millis, sequence, pending.deliveredAt(entry), pending.deliveries(entry));
            } else {
                visitor.pending(millis, sequence, pending.deliveredAt(entry), pending.deliveries(entry));
            }
        }
    }

    private void producers() throws IOException {
        primitives.unsigned64(); // seconds that an id is remembered
        primitives.unsigned64(); // ids of a producer at most
        long producers = primitives.length();
        for (long i = 0; i < producers; i++) {
            strings.next();
            visitor.producer(strings);
            long ids = primitives.length();
            for (long k = 0; k < ids; k++) {
                byte[] id = primitives.string(MAX_NAME, "the id that a producer gave");
                held.setText(id, 0, id.length);
                visitor.produced(held, primitives.unsigned64(), primitives.unsigned64());
            }
        }
        primitives.unsigned64(); // ids added
        primitives.unsigned64(); // duplicates refused
    }

    private RdbFormatException broken(String problem) {
        return new RdbFormatException(in.offset(), problem);
    }
}
