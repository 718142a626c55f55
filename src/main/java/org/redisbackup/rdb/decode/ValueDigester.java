package org.redisbackup.rdb.decode;

import java.io.IOException;
import org.redisbackup.rdb.ByteWindow;
import org.redisbackup.rdb.Crc64;
import org.redisbackup.rdb.Element;
import org.redisbackup.rdb.HashTemplates;
import org.redisbackup.rdb.RdbFormatException;
import org.redisbackup.rdb.ValueType;

/**
 * Makes a {@link ValueDigest} while a value is decoded, in memory that does not depend on its size. The order of elements
 * counts in lists only, and the fields of an entry of a stream.
 *
 * <p>Left out is what servers of other versions hold otherwise, or what {@link org.redisbackup.rdb.Loss} names: of streams
 * the counters, the times of consumers and of deliveries, consumers without pending entries, entries given back and
 * producers; of arrays the insert index; the sign of scores of -0.
 */
public final class ValueDigester implements ElementVisitor {
    private static final long PRIME = 0x9e3779b97f4a7c15L;
    private static final long STATE = 1;
    private static final long GROUP = 2;
    private static final long PENDING = 3;

    private final long endedBy;
    private final boolean hasFieldTimes;
    private long sum;
    private long count;
    private long endedFields;
    private long bytes;
    private long textCrc;
    private long open; // the hash of the member, field or entry that may still go on
    private boolean isOpen;
    private boolean inEntry;
    private long group;
    private long consumer;

    private ValueDigester(long endedBy, boolean hasFieldTimes) {
        this.endedBy = endedBy;
        this.hasFieldTimes = hasFieldTimes;
    }

    /**
     * Decodes the value that comes next.
     *
     * @param maxElement bytes that one element may have
     * @param endedBy Unix milliseconds; fields that end by then are left out
     * @param hasFieldTimes whether it counts when fields end
     * @throws RdbFormatException when it is broken, or an element longer
     */
    public static ValueDigest of(
            ByteWindow in, ValueType type, HashTemplates templates, int maxElement, long endedBy, boolean hasFieldTimes)
            throws IOException {
        ValueDigester digester = new ValueDigester(endedBy, hasFieldTimes);
        new ValueDecoder(in, maxElement, digester).decode(type, templates);
        return digester.digest();
    }

    private ValueDigest digest() {
        close();
        return new ValueDigest(sum ^ textCrc, count, endedFields, bytes);
    }

    private static long mix(long value) {
        long product = (value ^ (value >>> 32)) * PRIME;
        product = (product ^ (product >>> 29)) * 0xbf58476d1ce4e5b9L;
        return product ^ (product >>> 32);
    }

    private static long joined(long hash, long next) {
        return mix(hash * 31 + next);
    }

    private long hash(Element element) {
        byte[] text = element.bytes();
        bytes += element.length();
        return mix(Crc64.update(element.length(), text, element.start(), element.length()));
    }

    private void open(long hash) {
        close();
        open = hash;
        isOpen = true;
    }

    private void close() {
        if (isOpen) {
            sum += mix(open);
            count++;
            isOpen = false;
        }
    }

    @Override
    public void text(byte[] text, int offset, int length) {
        textCrc = Crc64.update(textCrc, text, offset, length);
        count += length;
        bytes += length;
    }

    @Override
    public void element(Element element) {
        sum = joined(sum, hash(element));
        count++;
    }

    @Override
    public void member(Element member) {
        open(hash(member));
    }

    @Override
    public void score(double score) {
        open = joined(open, Double.doubleToLongBits(score == 0 ? 0 : score));
    }

    @Override
    public void field(Element field) {
        if (inEntry) {
            open = joined(open, hash(field));
        } else {
            open(hash(field));
        }
    }

    @Override
    public void value(Element value) {
        open = joined(open, hash(value));
    }

    @Override
    public void fieldExpiry(long millis) {
        if (millis <= endedBy) {
            isOpen = false;
            endedFields++;
        } else if (hasFieldTimes) {
            open = joined(open, millis);
        }
    }

    @Override
    public void arrayElement(long index, Element element) {
        open(joined(mix(index), hash(element)));
    }

    @Override
    public void arrayElement(long index, double element) {
        open(joined(mix(index), Double.doubleToLongBits(element)));
    }

    @Override
    public void entry(long millis, long sequence) {
        open(joined(mix(millis), sequence));
        inEntry = true;
    }

    @Override
    public void entryEnds() {
        close();
        inEntry = false;
    }

    @Override
    public void streamState(StreamState state) {
        sum += joined(joined(STATE, state.lastMillis()), state.lastSequence());
    }

    @Override
    public void group(Element name, long lastMillis, long lastSequence, long entriesRead) {
        group = joined(GROUP, hash(name));
        sum += joined(joined(group, lastMillis), lastSequence);
    }

    @Override
    public void consumer(Element name, long seenAt, long activeAt) {
        consumer = joined(group, hash(name));
    }

    @Override
    public void pending(long millis, long sequence, long deliveredAt, long deliveries) {
        if (millis != 0 || sequence != 0) {
            sum += joined(joined(joined(joined(PENDING, consumer), millis), sequence), deliveries);
        }
    }
}
