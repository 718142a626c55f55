package org.redisbackup.aof;

import java.io.IOException;
import org.redisbackup.rdb.RdbLimits;

/**
 * Reads the commands of one append-only file, as servers load it: nothing but arrays of words, and annotations between
 * them.
 */
final class CommandReader {
    private static final String WORDS = "the number of words of a command";
    private static final String LENGTH = "the length of a word";
    private static final int NO_TRANSACTION = -1;

    private final RespInput in;
    private final int maxBytes;
    private final boolean last;
    private int db;
    private int transaction = NO_TRANSACTION; // index of its first command in the batch
    private int transactionBytes; // in the batch before it
    private long transactionOffset;
    private long cutAt = -1;

    /**
     * @param in at the first command
     * @param last whether no other file of the backup follows, so that this one may be cut off
     */
    CommandReader(RespInput in, RdbLimits limits, boolean last) {
        this.in = in;
        this.maxBytes = limits.maxGrown();
        this.last = last;
    }

    /** For any thread. */
    long offset() {
        return in.publishedOffset();
    }

    /** Where the file was cut off, so that nothing after it was read, or -1. */
    long cutAt() {
        return cutAt;
    }

    /**
     * Reads commands until there are enough; a transaction is always read to its end.
     *
     * @return whether the file goes on
     * @throws AofFormatException when the file is broken; what was read before stays valid
     */
    boolean fill(CommandBatch batch, int maxCommands, int enoughBytes) throws IOException {
        try {
            while (transaction != NO_TRANSACTION || (batch.size() < maxCommands && batch.arenaSize() < enoughBytes)) {
                if (!readCommand(batch)) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            if (transaction != NO_TRANSACTION) {
                batch.cutBackTo(transaction);
            }
            throw e;
        }
    }

    private boolean readCommand(CommandBatch batch) throws IOException {
        while (in.peek() == '#') {
            in.skipAnnotation();
        }
        long offset = in.offset();
        if (in.peek() < 0) {
            if (transaction != NO_TRANSACTION) {
                cut(batch, offset);
            }
            return false;
        }
        try {
            readCommand(batch, offset);
            return true;
        } catch (RespInput.EndsEarly e) {
            cut(batch, offset);
            return false;
        }
    }

    /** Servers cut the last file back to the last whole command or transaction, and refuse any other. */
    private void cut(CommandBatch batch, long offset) throws AofFormatException {
        cutAt = offset;
        if (transaction != NO_TRANSACTION) {
            cutAt = transactionOffset;
            batch.cutBackTo(transaction);
            transaction = NO_TRANSACTION;
        }
        if (!last) {
            throw new AofFormatException(
                    cutAt, "the file is cut off in the middle of a command or a transaction, and others follow it");
        }
    }

    private void readCommand(CommandBatch batch, long offset) throws IOException {
        long words = in.number('*', WORDS);
        if (words == 0) {
            throw new AofFormatException(offset, "a command of 0 words stands here: at least 1 is expected");
        }
        batch.begin(db, offset);
        batch.line('*', words);
        String name = "";
        int key = FirstKey.NONE;
        String argument = null;
        boolean kept = true;
        for (long word = 0; word < words; word++) {
            long length = in.number('$', LENGTH);
            kept = kept && length <= maxBytes - batch.begunBytes();
            batch.measureWord(length);
            if (!kept) {
                in.bytes(length, null);
                in.lineEnd();
                continue;
            }
            batch.line('$', length);
            in.bytes(length, batch);
            int bytes = (int) length;
            if (word == 0) {
                batch.markName(bytes);
                name = batch.begunName();
                key = FirstKey.of(name);
            } else if (word == key) {
                batch.markKey(bytes);
            }
            if (word == 1 && name.equals("SELECT")) {
                argument = batch.last(bytes);
            } else if (word == FirstKey.KEY_COUNT && FirstKey.isCounted(name)) {
                key = batch.last(bytes).equals("0") ? FirstKey.NONE : key;
            }
            in.lineEnd();
            batch.lineEnd();
        }
        settle(batch, offset, name, argument, kept);
    }

    /** What only frames the commands is understood here, everything else goes into the batch. */
    private void settle(CommandBatch batch, long offset, String name, String argument, boolean kept)
            throws AofFormatException {
        switch (name) {
            case "SELECT" -> {
                db = database(offset, argument);
                batch.drop();
            }
            case "MULTI" -> {
                require(transaction == NO_TRANSACTION, offset, "a transaction starts inside another one");
                batch.drop();
                transaction = batch.size();
                transactionBytes = batch.arenaSize();
                transactionOffset = offset;
            }
            case "EXEC" -> {
                require(transaction != NO_TRANSACTION, offset, "a transaction ends that has not started");
                batch.drop();
                transaction = NO_TRANSACTION;
            }
            default -> {
                if (kept) {
                    batch.end();
                } else {
                    batch.endOversized();
                }
                require(
                        transaction == NO_TRANSACTION || batch.arenaSize() - transactionBytes <= maxBytes,
                        transactionOffset,
                        "a transaction takes more than the limit of " + maxBytes + " bytes");
            }
        }
    }

    private static void require(boolean condition, long offset, String problem) throws AofFormatException {
        if (!condition) {
            throw new AofFormatException(offset, problem);
        }
    }

    private static int database(long offset, String argument) throws AofFormatException {
        try {
            int number = Integer.parseInt(argument);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // refused below, in words that say where
        }
        throw new AofFormatException(offset, "a database is selected that is no number from 0 to 2^31-1");
    }
}
