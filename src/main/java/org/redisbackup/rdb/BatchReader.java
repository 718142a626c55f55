package org.redisbackup.rdb;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An RDB stream as key batches, read as they are asked for.
 *
 * <p>Batches that were handed out and not yet {@link KeyBatch#release released} are limited, in number and in bytes, which
 * counts for those that grew: {@link #next} waits. A value above a megabyte may wait for memory ({@link LargeArenas}) while
 * it is read. That bounds the memory of an import, however large the file. When the file turns out to be broken, the records
 * before the broken place are handed out first, and the next call throws.
 *
 * <p>One thread at a time may iterate; {@link #close}, {@link #offset} and {@link #batches} may be called by any.
 */
public final class BatchReader implements BackupReader<KeyBatch> {
    private static final int FIRST_KEYS = 256;

    /** Of the largest size that may be in memory at once: one is read while another is delivered. */
    private static final int LARGE_VALUES = 2;

    private static final long NEVER = Long.MAX_VALUE;

    private final String dump;
    private final InputStream stream;
    private final RdbReader reader;
    private final int batchKeys;
    private final int batchBytes;
    private final InFlight inFlight;
    private final Arenas arenas;
    private final LargeArenas largeArenas;
    private final AtomicLong batches = new AtomicLong();
    private int expectedKeys; // in the next batch
    private KeyBatch prepared;
    private volatile StreamedSlice streaming; // the last batch handed out carries it
    private IOException failure;
    private boolean goesOn; // the file, behind the large value of the batch that is prepared
    private boolean promised; // hasNext says so without reading
    private boolean told;
    private boolean ended;
    private long untilCut = NEVER; // pieces, from what is prepared on

    /**
     * @param stream of one RDB file; closed with this reader
     * @param batchKeys records in a batch at most, at least 1
     * @param batchBytes of keys and values in a batch, about; a larger record gets more
     * @param batchesInFlight batches that may be handed out and unreleased, or 0 for any number; together they take as
     *     many batches of normal size would, or as {@link RdbLimits#maxGrown} says, beside large values, of which two of the
     *     largest size have room at once
     * @param check what looks at values that are not streamed; what then happens {@link RdbLimits#validation} says
     */
    public BatchReader(
            InputStream stream,
            RdbLimits limits,
            int batchKeys,
            int batchBytes,
            int batchesInFlight,
            ValueCheck check) {
        this(null, stream, limits, batchKeys, batchBytes, inFlight(limits, batchBytes, batchesInFlight), check);
    }

    /** A reader that looks at no values. */
    public BatchReader(InputStream stream, RdbLimits limits, int batchKeys, int batchBytes, int batchesInFlight) {
        this(stream, limits, batchKeys, batchBytes, batchesInFlight, ValueCheck.NONE);
    }

    /**
     * Reads one of several dumps of a backup.
     *
     * @param dump what {@link KeyBatch#dump} tells
     * @param inFlight shared by all dumps of the backup
     */
    public BatchReader(
            String dump,
            InputStream stream,
            RdbLimits limits,
            int batchKeys,
            int batchBytes,
            InFlight inFlight,
            ValueCheck check) {
        if (batchKeys < 1 || batchBytes < 1) {
            throw new IllegalArgumentException("a batch holds at least one key and one byte");
        }
        this.dump = dump;
        this.stream = stream;
        this.batchKeys = batchKeys;
        this.batchBytes = batchBytes;
        this.inFlight = inFlight;
        expectedKeys = Math.min(batchKeys, FIRST_KEYS);
        arenas = new Arenas(batchBytes, inFlight.isBounded());
        int largest = limits.maxBufferedValue() + RdbInput.MARGIN;
        largeArenas = new LargeArenas(inFlight.isBounded() ? (long) LARGE_VALUES * largest : 0, largest);
        reader = new RdbReader(stream, limits, check, largeArenas);
    }

    /** The limits of {@link BatchReader}'s first constructor. */
    public static InFlight inFlight(RdbLimits limits, int batchBytes, int batchesInFlight) {
        if (batchesInFlight < 0) {
            throw new IllegalArgumentException("a negative number of batches can't be in flight");
        }
        return new InFlight(batchesInFlight, Math.max((long) batchesInFlight * batchBytes, limits.maxGrown()));
    }

    /** The stream goes on at this place, behind its head. To be called before a batch is asked for. */
    public void goOnAt(Checkpoint place) {
        reader.goOnAt(place);
    }

    /** One batch is to end behind so many pieces, unless that is 0. To be called before a batch is asked for. */
    public void cutAfter(long pieces) {
        untilCut = pieces == 0 ? NEVER : pieces;
    }

    @Override
    public long offset() {
        return reader.offset();
    }

    @Override
    public String warning() {
        return null;
    }

    /** The bytes behind the file's end, to be read by whoever got all batches from this reader. */
    public InputStream remainder() {
        return reader.remainder();
    }

    @Override
    public long batches() {
        return batches.get();
    }

    /**
     * Reads the next batch, but behind one with a large value, or with one that is streamed, says true without reading:
     * who looks ahead holds that batch, and it is to be on its way while the next is read, and to leave its memory to those
     * behind. What follows may then be a batch of no keys.
     *
     * <p>Never throws: who looks ahead while holding a batch would lose that batch. When reading failed, says true, and
     * {@link #next} throws. After that there is no next.
     */
    @Override
    public boolean hasNext() {
        if (told) {
            return false;
        }
        if (prepared == null && !promised && failure == null) {
            prepare();
        }
        return prepared != null || promised || failure != null;
    }

    /**
     * Waits for a batch to be released when too many are in flight.
     *
     * @throws UncheckedIOException with an {@link RdbFormatException} or what the stream threw, and when the reader is
     *     closed meanwhile
     */
    @Override
    public KeyBatch next() {
        try {
            if (promised) {
                keepPromise();
            }
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            if (prepared == null) {
                throw failure;
            }
            prepared.handOut();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new InterruptedIOException("interrupted while waiting for a batch"));
        } catch (IOException e) {
            told = true;
            throw new UncheckedIOException(e);
        }
        batches.incrementAndGet();
        KeyBatch batch = prepared;
        prepared = null;
        streaming = (StreamedSlice) batch.streamedValue();
        promised = streaming != null || goesOn;
        return batch;
    }

    private void keepPromise() throws IOException, InterruptedException {
        if (streaming != null) {
            streaming.awaitEnd();
            inFlight.requireGoingOn();
            streaming = null;
        }
        promised = false;
        prepare();
        if (prepared == null && failure == null) {
            prepared = newBatch();
        }
    }

    private void prepare() {
        if (ended) {
            return;
        }
        KeyBatch batch = null;
        try {
            goesOn = false;
            batch = newBatch();
            fill(batch);
        } catch (IOException e) {
            failure = e;
        } catch (OutOfMemoryError e) {
            // thrown on, it would end the thread of a splitter that knows exceptions only, and the import would hang
            failure = new RdbFormatException(
                    reader.offset(), "the heap is too small to read on: give the process more memory (-Xmx)");
        }
        if (batch != null && !batch.isEmpty()) {
            prepared = batch;
        }
    }

    private void fill(KeyBatch batch) throws IOException {
        int enough = batchBytes - batchBytes / 8; // so that an average last record fits without growing the arena
        while (batch.size() < batchKeys
                && batch.pieces() < untilCut
                && batch.contentBytes() < enough
                && batch.streamedValue() == null
                && !batch.isLarge()) {
            RdbReader.Step step = reader.readInto(batch);
            if (step == RdbReader.Step.RECORD) {
                continue;
            }
            ended = step == RdbReader.Step.FILE_ENDS;
            break;
        }
        cutAfter(untilCut == NEVER ? 0 : untilCut - batch.pieces());
        batch.endAt(reader.recordEnd(), dump == null ? reader.checkpoint() : null);
        expectedKeys = Math.min(batchKeys, batch.size() + batch.size() / 4 + 1);
        goesOn = batch.isLarge() && !reader.isAtEnd();
    }

    /** Has room for as many keys as the one before, and some more: most files are much alike all through. */
    private KeyBatch newBatch() {
        KeyBatch batch = new KeyBatch(dump, expectedKeys, arenas, largeArenas, reader.templates(), inFlight);
        batch.endAt(reader.recordEnd(), null);
        return batch;
    }

    /** Closes the stream. A thread that waits in {@link #next} gets an exception; a value being streamed breaks. */
    @Override
    public void close() throws IOException {
        inFlight.close();
        largeArenas.close();
        stream.close(); // which ends a read that a value being streamed waits for
        StreamedSlice value = streaming;
        if (value != null) {
            value.cut();
        }
    }
}
