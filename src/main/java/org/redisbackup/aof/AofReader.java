package org.redisbackup.aof;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicLong;
import org.redisbackup.rdb.BackupBatch;
import org.redisbackup.rdb.BackupReader;
import org.redisbackup.rdb.BatchReader;
import org.redisbackup.rdb.Checkpoint;
import org.redisbackup.rdb.InFlight;
import org.redisbackup.rdb.KeyBatch;
import org.redisbackup.rdb.RdbLimits;
import org.redisbackup.rdb.ValueCheck;

/**
 * An append-only backup of one or several files: the {@link KeyBatch}es of a snapshot at the start of a file, then
 * {@link CommandBatch}es, file by file.
 *
 * <p>What commands do depends on what was there before them, so a command batch is handed out when all earlier batches
 * are released, and nothing is handed out until it is released itself.
 */
public final class AofReader implements BackupReader<BackupBatch> {
    private static final int EXPECTED_BYTES_A_COMMAND = 64;

    private final List<AofPart> parts;
    private final RdbLimits limits;
    private final int batchCommands;
    private final int batchBytes;
    private final ValueCheck check;
    private final boolean anyFormat;
    private final InFlight inFlight;
    private final AtomicLong batches = new AtomicLong();
    private int nextPart;
    private final AtomicLong offsetOfPart = new AtomicLong();
    private volatile InputStream stream;
    private volatile BatchReader snapshot; // while it is read
    private volatile CommandReader commands;
    private CommandBatch prepared;
    private volatile String warning;
    private IOException failure;
    private boolean told;
    private Checkpoint place; // where the first part goes on
    private long untilCut; // pieces, from the next batch on; 0 when no cut is due

    /**
     * Reads files one after the other, each from database 0 on. Only the last one may be cut off.
     *
     * @param parts in the order of the manifest, at least one
     * @param batchSize keys or commands in a batch at most, at least 1
     * @param batchBytes of them in a batch, about; a transaction is never cut, and a larger one gets more
     * @param batchesInFlight batches of keys that may be handed out and unreleased, or 0 for any number
     * @param check of the values of a snapshot, as {@link BatchReader} takes it
     */
    public AofReader(
            List<AofPart> parts,
            RdbLimits limits,
            int batchSize,
            int batchBytes,
            int batchesInFlight,
            ValueCheck check) {
        this(
                parts,
                limits,
                batchSize,
                batchBytes,
                BatchReader.inFlight(limits, batchBytes, batchesInFlight),
                check,
                false);
    }

    /**
     * Reads one of several dumps of a backup.
     *
     * @param inFlight shared by all dumps of the backup
     * @param anyFormat whether it is one file whose content tells what it is, as for {@link #ofAnyFormat}
     */
    public AofReader(
            List<AofPart> parts,
            RdbLimits limits,
            int batchSize,
            int batchBytes,
            InFlight inFlight,
            ValueCheck check,
            boolean anyFormat) {
        if (batchSize < 1 || batchBytes < 1 || parts.isEmpty()) {
            throw new IllegalArgumentException(
                    "a backup has at least one file, and a batch at least one command and one byte");
        }
        this.parts = List.copyOf(parts);
        this.limits = limits;
        this.batchCommands = batchSize;
        this.batchBytes = batchBytes;
        this.check = check;
        this.anyFormat = anyFormat;
        this.inFlight = inFlight;
    }

    /**
     * Reads one file whose content tells what it is: a snapshot, behind which bytes that are no commands are ignored as
     * servers do, an append-only file, or both in one.
     *
     * @param stream closed with the reader
     */
    public static AofReader ofAnyFormat(
            InputStream stream,
            RdbLimits limits,
            int batchSize,
            int batchBytes,
            int batchesInFlight,
            ValueCheck check) {
        AofReader reader = new AofReader(
                List.of(new AofPart(null, () -> stream)),
                limits,
                batchSize,
                batchBytes,
                BatchReader.inFlight(limits, batchBytes, batchesInFlight),
                check,
                true);
        reader.stream = stream; // to be closed although nobody asks for a batch
        return reader;
    }

    /**
     * Reads on from the middle. To be called before a batch is asked for.
     *
     * @param from place of the first part where its stream goes on behind its head, or null
     * @param pieces behind which one batch is to end, from there on; 0 for no such cut
     */
    public void goOn(Checkpoint from, long pieces) {
        place = from;
        untilCut = pieces;
    }

    @Override
    public long offset() {
        BatchReader readingKeys = snapshot;
        CommandReader readingCommands = commands;
        return offsetOfPart.get()
                + (readingKeys != null ? readingKeys.offset() : readingCommands != null ? readingCommands.offset() : 0);
    }

    @Override
    public long batches() {
        return batches.get();
    }

    @Override
    public String warning() {
        return warning;
    }

    /** The name of the part that is being read, for the thread that reads. */
    public String part() {
        return parts.get(Math.max(0, nextPart - 1)).name();
    }

    @Override
    public boolean hasNext() {
        if (told) {
            return false;
        }
        if (prepared == null && failure == null) {
            try {
                prepare();
            } catch (IOException e) {
                failure = e;
            } catch (OutOfMemoryError e) {
                // thrown on, it would end the thread of a splitter that knows exceptions only
                failure = new AofFormatException(
                        offset(), "the heap is too small to read on: give the process more memory (-Xmx)");
            }
        }
        return prepared != null || failure != null || snapshot != null;
    }

    /** Goes on until there is a batch of keys to ask for, a batch of commands is prepared, or nothing is left. */
    private void prepare() throws IOException {
        while (prepared == null) {
            if (snapshot != null) {
                if (snapshot.hasNext()) {
                    return;
                }
                readCommandsBehindSnapshot();
            } else if (commands != null) {
                prepareCommands();
            } else if (nextPart < parts.size()) {
                open(parts.get(nextPart++));
            } else {
                return;
            }
        }
    }

    private void open(AofPart part) throws IOException {
        stream = part.source().open();
        inFlight.requireGoingOn(); // else nobody would close it
        PeekedStream opened = new PeekedStream(stream);
        boolean startsWithSnapshot =
                switch (BackupFormat.of(opened.first())) {
                    case RDB -> true;
                    case AOF -> false;
                    case UNKNOWN -> anyFormat; // whose reader says what is wrong
                };
        if (startsWithSnapshot) {
            BatchReader keys = new BatchReader(part.name(), opened, limits, batchCommands, batchBytes, inFlight, check);
            keys.goOnAt(place);
            keys.cutAfter(untilCut);
            snapshot = keys;
        } else {
            readCommands(new RespInput(opened, 0));
        }
        place = null;
    }

    private void readCommandsBehindSnapshot() throws IOException {
        InputStream remainder = snapshot.remainder();
        RespInput in = new RespInput(remainder, snapshot.offset());
        if (anyFormat && BackupFormat.of(in.peek()) != BackupFormat.AOF) {
            endPart(snapshot.offset());
        } else {
            readCommands(in);
        }
    }

    private void readCommands(RespInput in) {
        commands = new CommandReader(in, limits, nextPart == parts.size());
        snapshot = null;
    }

    private void prepareCommands() throws IOException {
        int expected = Math.min(batchCommands, batchBytes / EXPECTED_BYTES_A_COMMAND + 1);
        CommandBatch batch = new CommandBatch(part(), expected, batchBytes, inFlight);
        boolean more;
        try {
            int most = untilCut == 0 ? batchCommands : (int) Math.min(batchCommands, untilCut);
            more = commands.fill(batch, most, batchBytes - batchBytes / 8);
        } finally {
            if (batch.size() > 0) {
                prepared = batch; // what stands before a broken place is whole
                count(batch);
            }
        }
        if (!more) {
            if (commands.cutAt() >= 0) {
                warning = "the file is cut off in the middle of a command or a transaction; what starts at byte "
                        + commands.cutAt() + " was left out";
            }
            endPart(commands.offset());
        }
    }

    private void endPart(long bytes) throws IOException {
        offsetOfPart.addAndGet(bytes);
        snapshot = null;
        commands = null;
        stream.close();
    }

    @Override
    public BackupBatch next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        try {
            BackupBatch batch = prepared != null ? nextCommands() : nextKeys();
            batches.incrementAndGet();
            return batch;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new InterruptedIOException("interrupted while waiting for a batch"));
        } catch (IOException e) {
            told = true;
            throw new UncheckedIOException(e);
        } catch (UncheckedIOException e) {
            told = !(e.getCause() instanceof InterruptedIOException);
            throw e;
        }
    }

    private CommandBatch nextCommands() throws IOException, InterruptedException {
        inFlight.addAlone(prepared.memory());
        CommandBatch batch = prepared;
        prepared = null;
        return batch;
    }

    private KeyBatch nextKeys() throws IOException {
        if (failure != null) {
            throw failure;
        }
        KeyBatch batch = snapshot.next();
        count(batch);
        return batch;
    }

    private void count(BackupBatch batch) {
        untilCut = Math.max(0, untilCut - batch.pieces());
    }

    @Override
    public void close() throws IOException {
        inFlight.close();
        BatchReader readingKeys = snapshot;
        InputStream open = stream;
        if (readingKeys != null) {
            readingKeys.close();
        } else if (open != null) {
            open.close();
        }
    }
}
