package org.redisbackup.rdb.decode;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import org.redisbackup.rdb.Element;

/** A checksum of everything that a decoder tells, so that much can be compared. */
public final class ElementDigest implements ElementVisitor {
    private final CRC32 crc = new CRC32();

    public long digest() {
        return crc.getValue();
    }

    private void add(int what, Element element) {
        crc.update(what);
        byte[] bytes = element.bytes();
        crc.update(ByteBuffer.allocate(4).putInt(element.length()).array());
        crc.update(bytes, element.start(), element.length());
    }

    private void add(int what, long... numbers) {
        crc.update(what);
        for (long number : numbers) {
            crc.update(ByteBuffer.allocate(8).putLong(number).array());
        }
    }

    /** The parts of a string may be others each time. */
    @Override
    public void text(byte[] bytes, int offset, int length) {
        crc.update(bytes, offset, length);
    }

    @Override
    public void element(Element element) {
        add('e', element);
    }

    @Override
    public void member(Element member) {
        add('m', member);
    }

    @Override
    public void score(double score) {
        add('s', Double.doubleToLongBits(score));
    }

    @Override
    public void field(Element field) {
        add('f', field);
    }

    @Override
    public void value(Element value) {
        add('v', value);
    }

    @Override
    public void fieldExpiry(long millis) {
        add('t', millis);
    }

    @Override
    public void arrayElement(long index, Element element) {
        add('a', index);
        add('a', element);
    }

    @Override
    public void arrayElement(long index, double element) {
        add('d', index, Double.doubleToLongBits(element));
    }

    @Override
    public void entry(long millis, long sequence) {
        add('i', millis, sequence);
    }

    @Override
    public void streamState(StreamState state) {
        add('S', state.hashCode());
    }

    @Override
    public void group(Element name, long lastMillis, long lastSequence, long entriesRead) {
        add('g', name);
        add('g', lastMillis, lastSequence, entriesRead);
    }

    @Override
    public void consumer(Element name, long seenAt, long activeAt) {
        add('c', name);
        add('c', seenAt, activeAt);
    }

    @Override
    public void pending(long millis, long sequence, long deliveredAt, long deliveries) {
        add('p', millis, sequence, deliveredAt, deliveries);
    }

    @Override
    public void givenBack(long millis, long sequence, long deliveredAt, long deliveries) {
        add('b', millis, sequence, deliveredAt, deliveries);
    }

    @Override
    public void producer(Element id) {
        add('P', id);
    }

    @Override
    public void produced(Element id, long millis, long sequence) {
        add('I', id);
        add('I', millis, sequence);
    }
}
