package org.redisbackup.rdb;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Reads the key records of one RDB stream, versions 1 to 15 of Redis, 80 and 81 of Valkey, in order and undecoded.
 *
 * <p>A record leaves the reader only after its last byte was read. Whatever happens does not depend on how many bytes
 * a read of the stream returns.
 */
final class RdbReader {
    private static final int TEMPLATE_SHARES = 8;

    /** Longer ones are streamed whatever the heap, as their length is known from the start. */
    private static final int LONGEST_HELD_STRING = 256 << 20;

    /** From here on it is cheaper to take a value's checksum out of the file's than to go over its bytes twice. */
    private static final int SHARED_CHECKSUM = 384;

    /** What became of the attempt to read a record into a batch. */
    enum Step {
        RECORD,
        /** The next record needs a batch of its own. */
        BATCH_ENDS,
        FILE_ENDS
    }

    private final RdbInput in;
    private final RdbPrimitives primitives;
    private final ValueSlicer slicer;
    private final RdbLimits limits;
    private final RecordHead head = new RecordHead();
    private final HashTemplates templates;
    private final ValueCheck check;
    private final MarkerReader markers;
    private Checkpoint from;
    private String magic;
    private RdbVersion version;
    private Checkpoint end; // in front of the opcode that ends the file
    private long recordEnd;
    private boolean streaming; // the last record, whose value is being read elsewhere
    private boolean valuePending; // a record that will be streamed waits for its batch, its key read

    RdbReader(InputStream stream, RdbLimits limits, ValueCheck check, LargeArenas arenas) {
        this.check = limits.validation() == ValidationPolicy.OFF ? ValueCheck.NONE : check;
        this.limits = limits;
        head.clear();
        in = new RdbInput(stream, limits.maxBufferedValue(), arenas);
        primitives = new RdbPrimitives(in);
        templates = new HashTemplates((long) TEMPLATE_SHARES * limits.maxAuxiliary());
        slicer = new ValueSlicer(in, primitives, templates);
        markers = new MarkerReader(in, primitives, slicer, templates, limits.maxAuxiliary());
    }

    /** What the file has defined so far. */
    HashTemplates templates() {
        return templates;
    }

    /** Offset behind the last record that was read into a batch. */
    long recordEnd() {
        return recordEnd;
    }

    /** The stream goes on at this place, behind its head. To be called before anything is read. */
    void goOnAt(Checkpoint place) {
        from = place;
    }

    /**
     * Where reading can go on later behind what was read into a batch; null next to a streamed value, and in a file with
     * templates, which would not be known there.
     */
    Checkpoint checkpoint() {
        return end != null || valuePending || streaming ? end : placeAt(in.position());
    }

    /** @param index in the buffer, of which nothing later was checksummed */
    private Checkpoint placeAt(int index) {
        long offset = in.offset() - (in.position() - index);
        return templates.isEmpty() ? new Checkpoint(offset, head.db, in.checksumTo(index), head.written, magic) : null;
    }

    /** Bytes gone over, for any thread. */
    long offset() {
        return in.publishedOffset();
    }

    /**
     * Appends the next key record, and the function libraries and scripts before it.
     *
     * @throws RdbFormatException when the file is broken; what was appended before stays valid
     */
    Step readInto(KeyBatch batch) throws IOException {
        if (version == null) {
            begin();
        }
        streaming = false;
        if (valuePending) {
            valuePending = false;
            appendStreamed(batch);
            return Step.RECORD;
        }
        while (true) {
            long offset = in.offset();
            int first = in.unsignedByte();
            ValueType type = version.valueType(first);
            if (type != null) {
                head.offset = offset;
                head.type = type;
                return readRecord(batch);
            }
            Opcode opcode = Opcode.of(version.dialect(), first);
            if (opcode == null) {
                throw new RdbFormatException(offset, ForeignByte.explain(version.dialect(), first));
            }
            if (opcode == Opcode.END_OF_FILE) {
                end = placeAt(in.position() - 1);
                verifyChecksum();
                return Step.FILE_ENDS;
            }
            if (markers.addsCode(opcode, head, batch)) {
                return Step.RECORD; // what the batch holds has to be looked at after each
            }
        }
    }

    /** Whether the file, of which something was read, ends here. */
    boolean isAtEnd() throws IOException {
        return Opcode.of(version.dialect(), in.peek()) == Opcode.END_OF_FILE;
    }

    /** What follows the end of the file. */
    InputStream remainder() {
        return in.remainder();
    }

    private void begin() throws IOException {
        magic = magic();
        version = RdbVersion.of(magic, limits.unknownVersion());
        if (from != null) {
            in.goOnAt(from.offset(), from.checksum());
            head.db = from.db();
            head.written = from.written();
        }
    }

    private String magic() throws IOException {
        try {
            return new String(in.bytes(9), StandardCharsets.ISO_8859_1);
        } catch (RdbFormatException e) {
            throw new RdbFormatException(0, "this is not an RDB file: it has only " + e.offset() + " bytes");
        }
    }

    private Step readRecord(KeyBatch batch) throws IOException {
        readKey(batch);
        if (head.type.isOneString()
                && primitives.peekStringLength() > Math.min(limits.maxBufferedValue(), LONGEST_HELD_STRING)) {
            return streamNext(batch);
        }
        long start = in.offset();
        in.mark();
        if (!isSlicedInBuffer()) {
            in.rewind();
            return readTooLong(batch);
        }
        addChecked(batch, start, (int) (in.offset() - start));
        in.unmark();
        recordEnds(in.offset());
        return Step.RECORD;
    }

    private boolean isSlicedInBuffer() throws IOException {
        try {
            slicer.skip(head.type);
            return true;
        } catch (RdbInput.TooLongException e) {
            return false;
        }
    }

    /** What commands can rebuild is streamed; of the rest nobody could make anything but a payload, of a known length. */
    private Step readTooLong(KeyBatch batch) throws IOException {
        if (head.type != ValueType.MODULE_2) {
            return streamNext(batch);
        }
        long start = in.offset();
        slicer.skip(head.type);
        batch.addOversized(head, in.offset() - start);
        recordEnds(in.offset());
        return Step.RECORD;
    }

    private Step streamNext(KeyBatch batch) throws IOException {
        if (batch.size() > 0) {
            head.key = batch.unstageKey();
            valuePending = true;
            return Step.BATCH_ENDS;
        }
        addStreamed(batch);
        return Step.RECORD;
    }

    private void addChecked(KeyBatch batch, long offset, int length) throws IOException {
        try {
            check.check(head.type, templates, in.buffer(), in.marked(), length, offset);
        } catch (RdbFormatException e) {
            if (limits.validation() == ValidationPolicy.FAIL) {
                throw new RdbFormatException(
                        e.offset(), "the value of the key " + batch.stagedKeyText() + " is broken: " + e.problem());
            }
            batch.addInvalid(head, length, e.getMessage());
            return;
        }
        Slice cheaper = check.cheaperForm();
        if (in.isOutgrownBy(length)) {
            long crc = payloadCrc(length);
            int start = in.marked();
            batch.addLarge(head, in.giveAway(), start, length, crc);
        } else if (cheaper == null) {
            batch.add(head, in.buffer(), in.marked(), length, payloadCrc(length));
        } else {
            long crc = Crc64.update(Crc64.update(0, head.type.id()), cheaper.bytes(), cheaper.from(), cheaper.length());
            batch.add(head, cheaper.bytes(), cheaper.from(), cheaper.length(), crc);
        }
    }

    private void readKey(KeyBatch batch) throws IOException {
        if (in.peek() < 0xC0) {
            long length = primitives.length();
            if (length > limits.maxKey()) {
                throw new RdbFormatException(
                        in.offset(), "a key of " + length + " bytes is longer than the limit of " + limits.maxKey());
            }
            in.need(length);
            batch.stageKey(in.buffer(), in.position(), (int) length);
            in.skip(length);
        } else {
            byte[] key = primitives.string(limits.maxKey(), "a key");
            batch.stageKey(key, 0, key.length);
        }
    }

    private void appendStreamed(KeyBatch batch) throws IOException {
        batch.stageKey(head.key, 0, head.key.length);
        head.key = null;
        addStreamed(batch);
    }

    private void addStreamed(KeyBatch batch) throws IOException {
        String key = batch.stagedKeyText();
        streaming = true;
        if (head.type.isOneString()) {
            StreamedSlice value = new SizedSlice(key, limits.validation(), in, primitives.peekStringLength());
            batch.addStreamed(head, value);
            recordEnds(in.offset() + value.length());
        } else {
            ValueType type = head.type;
            batch.addStreamed(head, new UnsizedSlice(key, limits.validation(), in, () -> sliceStreamed(type, batch)));
            head.clear();
        }
    }

    private long sliceStreamed(ValueType type, KeyBatch batch) throws IOException {
        long start = in.offset();
        slicer.skip(type);
        recordEnds(in.offset());
        batch.endAt(recordEnd, null);
        return in.offset() - start;
    }

    private void recordEnds(long offset) {
        recordEnd = offset;
        head.clear();
    }

    /** CRC-64 of the type byte and the value between the mark and here. */
    private long payloadCrc(int length) {
        long typeCrc = Crc64.update(0, head.type.id());
        int start = in.marked();
        if (length < SHARED_CHECKSUM) {
            return Crc64.update(typeCrc, in.buffer(), start, length);
        }
        long before = in.checksumTo(start);
        long after = in.checksumTo(start + length);
        return after ^ Crc64.shift(before ^ typeCrc, length);
    }

    private void verifyChecksum() throws IOException {
        if (!version.hasChecksum()) {
            return;
        }
        long computed = in.checksumTo(in.position());
        long offset = in.offset();
        long stored = in.littleEndianLong();
        in.publishOffset();
        if (stored != 0 && stored != computed) {
            throw new RdbFormatException(
                    offset,
                    "the checksum of the file is " + Long.toHexString(stored) + " but its bytes give "
                            + Long.toHexString(computed) + ": the file is damaged");
        }
    }
}
