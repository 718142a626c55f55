package org.redisbackup.aof;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.redisbackup.rdb.BackupBatch;
import org.redisbackup.rdb.Checkpoint;
import org.redisbackup.rdb.ImportPlace;
import org.redisbackup.rdb.InFlight;

/**
 * Consecutive commands of one append-only file in one byte array, each as the RESP2 bytes that a server takes.
 *
 * <p>What only frames the commands is not among them: the database that {@code SELECT} chose is told for each command,
 * and a transaction's commands stand one after the other, all in one batch, without {@code MULTI} and {@code EXEC}.
 *
 * <p>Filled by one thread, then handed over; not safe for use by several threads at once.
 */
public final class CommandBatch implements BackupBatch {
    private static final int NONE = -1;
    /** A type, the digits of a 64-bit number and a line end. */
    private static final int LONGEST_LINE = 23;

    private final String dump;
    private final InFlight inFlight;
    private byte[] arena;
    private int arenaSize;
    private int size;
    private int[] db;
    private long[] offset;
    private int[] start;
    private int[] length;
    private int[] nameStart;
    private int[] nameLength;
    private int[] keyStart;
    private int[] keyLength;
    private long[] longestWord;
    private long weight;
    private ImportPlace place;
    private boolean released;

    /**
     * @param dump that the commands stand in
     * @param expectedBytes of commands that fit without growing
     * @param inFlight told when the batch is released
     */
    CommandBatch(String dump, int expectedCommands, int expectedBytes, InFlight inFlight) {
        this.dump = dump;
        this.inFlight = inFlight;
        arena = new byte[expectedBytes];
        db = new int[expectedCommands];
        offset = new long[expectedCommands];
        start = new int[expectedCommands];
        length = new int[expectedCommands];
        nameStart = new int[expectedCommands];
        nameLength = new int[expectedCommands];
        keyStart = new int[expectedCommands];
        keyLength = new int[expectedCommands];
        longestWord = new long[expectedCommands];
    }

    /** Number of commands. */
    public int size() {
        return size;
    }

    @Override
    public int pieces() {
        return size;
    }

    @Override
    public Checkpoint checkpoint() {
        return null;
    }

    /**
     * Which dump the commands stand in: null for the backup itself; the empty string for what a compressed backup unpacks
     * to; else the name of the file in an archive or a manifest, fit to be shown.
     */
    public String dump() {
        return dump;
    }

    /** Where the commands lie; only the bytes that {@link #start} and {@link #length} tell mean anything. */
    public byte[] arena() {
        return arena;
    }

    /** Database number, 0 and up. */
    public int db(int i) {
        return db[i];
    }

    /** Bytes from the start of the file to the command. */
    public long offset(int i) {
        return offset[i];
    }

    public int start(int i) {
        return start[i];
    }

    /** Bytes of the command; 0 when {@link #isOversized it is too large}. */
    public int length(int i) {
        return length[i];
    }

    /** Whether the command was too large to keep and its bytes were skipped. */
    public boolean isOversized(int i) {
        return length[i] == 0;
    }

    /** Bytes of the longest word of the command; servers limit it. */
    public long longestWord(int i) {
        return longestWord[i];
    }

    /** The command's name in upper case; that of an oversized command too, except where the name is what is too large. */
    public String name(int i) {
        return new String(arena, nameStart[i], nameLength[i], StandardCharsets.ISO_8859_1).toUpperCase(Locale.ROOT);
    }

    /** The first key that the command names, where it names one that can be told; else null. */
    public byte[] key(int i) {
        return keyStart[i] == NONE ? null : Arrays.copyOfRange(arena, keyStart[i], keyStart[i] + keyLength[i]);
    }

    @Override
    public void standsAt(ImportPlace inImport) {
        place = inImport;
    }

    /** Where it stands in an import that can go on, or null. */
    public ImportPlace place() {
        return place;
    }

    /** Starts a command at the end of the arena. */
    void begin(int selectedDb, long fileOffset) {
        if (size == db.length) {
            grow();
        }
        db[size] = selectedDb;
        offset[size] = fileOffset;
        start[size] = arenaSize;
        nameLength[size] = 0;
        nameStart[size] = arenaSize;
        keyStart[size] = NONE;
        longestWord[size] = 0;
    }

    /** Bytes of the command that was begun. */
    int begunBytes() {
        return arenaSize - start[size];
    }

    void append(byte[] source, int from, int count) {
        reserve(count);
        System.arraycopy(source, from, arena, arenaSize, count);
        arenaSize += count;
    }

    /** Appends a line such as {@code $3}. */
    void line(char type, long number) {
        reserve(LONGEST_LINE);
        arena[arenaSize++] = (byte) type;
        int digits = 1;
        for (long rest = number / 10; rest > 0; rest /= 10) {
            digits++;
        }
        long rest = number;
        for (int i = arenaSize + digits - 1; i >= arenaSize; i--) {
            arena[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        arenaSize += digits;
        lineEnd();
    }

    void lineEnd() {
        reserve(2);
        arena[arenaSize++] = '\r';
        arena[arenaSize++] = '\n';
    }

    void measureWord(long bytes) {
        longestWord[size] = Math.max(longestWord[size], bytes);
    }

    /** The last bytes that were appended are the command's name. */
    void markName(int bytes) {
        nameStart[size] = arenaSize - bytes;
        nameLength[size] = bytes;
    }

    String begunName() {
        return name(size);
    }

    /** The last bytes that were appended are the command's first key. */
    void markKey(int bytes) {
        keyStart[size] = arenaSize - bytes;
        keyLength[size] = bytes;
    }

    /** The text of the last bytes. */
    String last(int bytes) {
        return new String(arena, arenaSize - bytes, bytes, StandardCharsets.ISO_8859_1);
    }

    /** Adds the command that was begun. */
    void end() {
        length[size] = arenaSize - start[size];
        size++;
    }

    /** Adds the command that was begun, of which only the first words were kept. */
    void endOversized() {
        length[size] = 0;
        size++;
    }

    /** Forgets the command that was begun. */
    void drop() {
        arenaSize = start[size];
    }

    /** Forgets all commands from this one on, and one that was begun. */
    void cutBackTo(int count) {
        size = count;
    }

    int arenaSize() {
        return arenaSize;
    }

    /** Bytes of memory that the batch holds; does not change once it was asked. */
    long memory() {
        if (weight == 0) {
            weight = arena.length;
        }
        return weight;
    }

    private void reserve(int bytes) {
        if (arena.length - arenaSize < bytes) {
            arena = Arrays.copyOf(arena, Math.max(arenaSize + bytes, arenaSize + arenaSize / 2));
        }
    }

    private void grow() {
        int capacity = db.length * 2;
        db = Arrays.copyOf(db, capacity);
        offset = Arrays.copyOf(offset, capacity);
        start = Arrays.copyOf(start, capacity);
        length = Arrays.copyOf(length, capacity);
        nameStart = Arrays.copyOf(nameStart, capacity);
        nameLength = Arrays.copyOf(nameLength, capacity);
        keyStart = Arrays.copyOf(keyStart, capacity);
        keyLength = Arrays.copyOf(keyLength, capacity);
        longestWord = Arrays.copyOf(longestWord, capacity);
    }

    @Override
    public void breakOff(IOException why) {
        inFlight.breakOff(why);
        release();
    }

    @Override
    public void release() {
        if (!released) {
            released = true;
            inFlight.release(memory());
        }
    }
}
