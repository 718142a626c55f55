package org.redisbackup.rdb;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Consecutive key records of one RDB stream, undecoded, in one byte array: what one pipeline delivers.
 *
 * <p>Record {@code i} has its key at {@link #keyOffset} and its value at {@link #valueOffset} of {@link #arena}; both
 * are valid until {@link #release}. Three kinds of record carry no value in the arena: one that is {@link #isStreamed
 * streamed} (at most one a batch, always the last), one that is {@link #isOversized oversized} and one that is {@link
 * #invalidity invalid}.
 *
 * <p>Before it is delivered, records may be {@link #exclude excluded} or {@link #markUnchanged left as they are}, and get another {@link #rename name}, {@link
 * #moveTo database} or {@link #setExpiry expiry}. What the backup says of key and database stays known as stored.
 *
 * <p>Filled by one thread, then handed over; not safe for use by several threads at once.
 */
public final class KeyBatch implements BackupBatch {
    /** What {@link #expireAt} gives for a key that never expires. Servers read a stored -1 in the same way. */
    public static final long NO_EXPIRY = -1;

    private static final byte[] NO_ARENA = {};

    /** Bytes of other names that room is made for at once: to make it may mean to move a large value. */
    private static final int RENAMED = 1 << 16;

    private static final byte INLINE = 0;
    private static final byte STREAMED = 1;
    private static final byte OVERSIZED = 2;
    private static final byte INVALID = 3;

    private final String dump;
    private final InFlight inFlight;
    private final Arenas arenas;
    private final LargeArenas largeArenas;
    private byte[] arena;
    private int arenaSize;
    private int arenaEnd; // what stands behind is another batch's
    private int stagedKey; // bytes of a key that lies behind arenaSize
    private int size;
    private int[] db;
    private ValueType[] type;
    private byte[] form;
    private long[] expireAt;
    private long[] idleSeconds;
    private short[] frequency;
    private long[] offset;
    private int[] keyOffset;
    private int[] keyLength;
    private int[] valueOffset;
    private long[] valueLength;
    private long[] payloadCrc;
    private final Map<Integer, String> invalidities = new HashMap<>(0);
    private final BitSet excluded = new BitSet(0);
    private final BitSet unchanged = new BitSet(0);
    private StoredNames stored; // null as long as nothing is called by another name
    private StreamedValue streamedValue;
    private final List<byte[]> functions = new ArrayList<>(0);
    private final List<byte[]> scripts = new ArrayList<>(0);
    private final HashTemplates templates;
    private volatile long endOffset;
    private Checkpoint checkpoint;
    private long written = -1;
    private int codeBytes;
    private int excludedCode;
    private int keysWithMetadata;
    private int memoryHandedOut;
    private boolean maybeSent;
    private boolean expiriesChanged;
    private LargeArenas.Arena large; // whose memory the arena is, or null
    private boolean released;

    /**
     * @param dump that the records are of
     * @param expectedKeys records that fit without growing
     * @param arenas where memory for keys and values comes from, and goes back to
     * @param largeArenas where an arena that came with a large value goes back to
     * @param templates of the file, for hashes that refer to them
     * @param inFlight told when the batch is released
     */
    KeyBatch(
            String dump,
            int expectedKeys,
            Arenas arenas,
            LargeArenas largeArenas,
            HashTemplates templates,
            InFlight inFlight) {
        this.dump = dump;
        this.arenas = arenas;
        this.largeArenas = largeArenas;
        this.templates = templates;
        this.inFlight = inFlight;
        arena = arenas.take();
        arenaEnd = arena.length;
        db = new int[expectedKeys];
        type = new ValueType[expectedKeys];
        form = new byte[expectedKeys];
        expireAt = new long[expectedKeys];
        idleSeconds = new long[expectedKeys];
        frequency = new short[expectedKeys];
        offset = new long[expectedKeys];
        keyOffset = new int[expectedKeys];
        keyLength = new int[expectedKeys];
        valueOffset = new int[expectedKeys];
        valueLength = new long[expectedKeys];
        payloadCrc = new long[expectedKeys];
    }

    /**
     * Which dump the records are of: null for the backup itself; the empty string for what a compressed backup unpacks
     * to; else the name of the file in an archive or a manifest, fit to be shown.
     */
    public String dump() {
        return dump;
    }

    /** When the file was written, in Unix milliseconds; -1 when it does not say. */
    public long written() {
        return written;
    }

    /** Number of key records. */
    public int size() {
        return size;
    }

    /** Where keys and values end in {@link #arena}. */
    public int arenaSize() {
        return arenaSize;
    }

    /** Where keys and values lie; what lies beside them means nothing. */
    public byte[] arena() {
        return arena;
    }

    /** Database of the target that the key goes to, 0 and up. */
    public int db(int i) {
        return db[i];
    }

    /** Database of the backup that the key comes from, 0 and up. */
    public int storedDb(int i) {
        return stored == null ? db[i] : stored.db[i];
    }

    public ValueType type(int i) {
        return type[i];
    }

    /** Unix milliseconds at which the key ends, or {@link #NO_EXPIRY}. Other negative values and 0 lie in the past. */
    public long expireAt(int i) {
        return expireAt[i];
    }

    /** Seconds since the key was last used, or -1 when the file does not say. */
    public long idleSeconds(int i) {
        return idleSeconds[i];
    }

    /** Logarithmic access counter, 0-255, or -1 when the file does not say. */
    public int frequency(int i) {
        return frequency[i];
    }

    /** Bytes from the start of the stream to the record's type byte. */
    public long offset(int i) {
        return offset[i];
    }

    public int keyOffset(int i) {
        return keyOffset[i];
    }

    public int keyLength(int i) {
        return keyLength[i];
    }

    /** The key as the backup has it, fit to be shown. */
    public String storedKeyText(int i) {
        return stored == null
                ? Printable.of(arena, keyOffset[i], keyLength[i])
                : Printable.of(arena, stored.keyOffset[i], stored.keyLength[i]);
    }

    /** A copy of the key's bytes as the backup has them. */
    public byte[] storedKey(int i) {
        return stored == null
                ? key(i)
                : Arrays.copyOfRange(arena, stored.keyOffset[i], stored.keyOffset[i] + stored.keyLength[i]);
    }

    /** A copy of the key's bytes. */
    public byte[] key(int i) {
        return Arrays.copyOfRange(arena, keyOffset[i], keyOffset[i] + keyLength[i]);
    }

    /** Where the value starts in {@link #arena}; means nothing for a streamed or oversized record. */
    public int valueOffset(int i) {
        return valueOffset[i];
    }

    /** Bytes of the value as stored in the file; of a streamed one, see {@link StreamedValue#length}. */
    public long valueLength(int i) {
        long length = valueLength[i];
        return length == StreamedValue.UNKNOWN ? streamedValue.length() : length;
    }

    /** CRC-64 of the type byte and the value, the start of a payload's checksum; only for a record in the arena. */
    public long payloadCrc(int i) {
        return payloadCrc[i];
    }

    /** Whether the value is to be read from {@link #streamedValue}. */
    public boolean isStreamed(int i) {
        return form[i] == STREAMED;
    }

    /** Whether the value, of a module, was too large to keep and its bytes were skipped. */
    public boolean isOversized(int i) {
        return form[i] == OVERSIZED;
    }

    /** Whether the record is not to be imported. */
    public boolean isExcluded(int i) {
        return excluded.get(i);
    }

    /** Whether the target has the record as it is, so that it need not be sent. */
    public boolean isUnchanged(int i) {
        return unchanged.get(i);
    }

    /** Whether the record is not to be sent, for one reason or the other. */
    public boolean isLeftOut(int i) {
        return isExcluded(i) || isUnchanged(i);
    }

    /** Whether some keys have another name or database than the backup says, so that two may have become one. */
    public boolean hasChangedNames() {
        return stored != null;
    }

    /** What is wrong with the value, which was left out for that; null when nothing is known to be. */
    public String invalidity(int i) {
        return form[i] == INVALID ? invalidities.get(i) : null;
    }

    /** The value of the last record when it {@link #isStreamed}, else null. */
    public StreamedValue streamedValue() {
        return streamedValue;
    }

    /** Source code of function libraries that stood between the keys. */
    public List<byte[]> functions() {
        return functions;
    }

    /** Lua scripts that old servers keep in the file, to be loaded for {@code EVALSHA}. */
    public List<byte[]> scripts() {
        return scripts;
    }

    /** The templates that hashes of this batch may refer to, shared by all batches of a file. */
    public HashTemplates templates() {
        return templates;
    }

    /**
     * Keys to which modules of Redis 8.6 and later have attached metadata. It is not among what a record carries: what
     * a payload with it does on a server without the module is not known.
     */
    public int keysWithMetadata() {
        return keysWithMetadata;
    }

    @Override
    public int pieces() {
        return size + functions.size() + scripts.size() + excludedCode;
    }

    @Override
    public Checkpoint checkpoint() {
        return checkpoint;
    }

    /** Bytes from the start of the stream to the end of the last record; to that before a streamed value that has no end yet. */
    public long endOffset() {
        return endOffset;
    }

    @Override
    public void standsAt(ImportPlace place) {
        maybeSent = place.maybeSent();
    }

    /** Whether keys of the batch may be on the target because this import put them there. */
    public boolean isMaybeSent() {
        return maybeSent;
    }

    /** The record is not to be imported. */
    public void exclude(int i) {
        excluded.set(i);
    }

    /** Function libraries and scripts are not to be loaded; the batch has as many pieces as before. */
    public void excludeCode() {
        excludedCode += functions.size() + scripts.size();
        functions.clear();
        scripts.clear();
    }

    /** The target has the record as it is. */
    public void markUnchanged(int i) {
        unchanged.set(i);
    }

    /** The key has this name on the target. */
    public void rename(int i, byte[] key) {
        keepStored();
        if (arenaEnd - arenaSize < key.length) {
            reserve(Math.max(key.length, RENAMED));
        }
        System.arraycopy(key, 0, arena, arenaSize, key.length);
        keyOffset[i] = arenaSize;
        keyLength[i] = key.length;
        arenaSize += key.length;
    }

    /** The key goes to this database of the target. */
    public void moveTo(int i, int database) {
        keepStored();
        db[i] = database;
    }

    /** @param unixMillis or {@link #NO_EXPIRY} */
    public void setExpiry(int i, long unixMillis) {
        expiriesChanged |= expireAt[i] != unixMillis;
        expireAt[i] = unixMillis;
    }

    /** Whether a key expires at another time than the backup says. */
    public boolean isExpiryChanged() {
        return expiriesChanged;
    }

    private void keepStored() {
        if (stored == null) {
            stored = new StoredNames(db.clone(), keyOffset.clone(), keyLength.clone());
        }
    }

    /** Puts the key of the record to come into the arena. */
    void stageKey(byte[] source, int start, int length) {
        reserve(length);
        System.arraycopy(source, start, arena, arenaSize, length);
        stagedKey = length;
    }

    /** Takes the staged key out again. */
    byte[] unstageKey() {
        return Arrays.copyOfRange(arena, arenaSize, arenaSize + stagedKey);
    }

    /** Adds a record with the staged key, whose value was read whole. */
    void add(RecordHead head, byte[] value, int valueStart, int length, long crc) {
        reserve(stagedKey + length);
        System.arraycopy(value, valueStart, arena, arenaSize + stagedKey, length);
        addHead(head, INLINE, length);
        payloadCrc[size - 1] = crc;
        arenaSize += length;
    }

    /**
     * Adds a record with the staged key, whose value was read whole into a large arena that the batch gets hold of. Nothing
     * is added after it.
     *
     * @param value taken from the large arenas; what the batch holds already moves behind the value. Where that is too much, the
     *     value is copied, and its arena given back.
     */
    void addLarge(RecordHead head, LargeArenas.Arena value, int valueStart, int length, long crc) {
        int before = arenaSize + stagedKey;
        int behind = valueStart + length;
        int end = (int) Math.min(value.bytes().length, behind + 2L * before + RENAMED);
        if (end - behind < before) {
            add(head, value.bytes(), valueStart, length, crc);
            largeArenas.giveBack(value);
            return;
        }
        System.arraycopy(arena, 0, value.bytes(), behind, before);
        arenas.giveBack(arena);
        large = value;
        large.keep(end);
        arena = value.bytes();
        arenaEnd = end;
        moved(behind);
        addHead(head, INLINE, length);
        valueOffset[size - 1] = valueStart;
        payloadCrc[size - 1] = crc;
    }

    /** Adds a record with the staged key, whose value follows in the stream; nothing can be added after it. */
    void addStreamed(RecordHead head, StreamedValue value) {
        addHead(head, STREAMED, value.length());
        streamedValue = value;
    }

    /** Adds a record with the staged key, whose value was skipped because no buffer may grow that far. */
    void addOversized(RecordHead head, long length) {
        addHead(head, OVERSIZED, length);
    }

    /** Adds a record with the staged key, whose value was refused for this reason. */
    void addInvalid(RecordHead head, long length, String reason) {
        invalidities.put(size, reason);
        addHead(head, INVALID, length);
    }

    /** The staged key, printable. */
    String stagedKeyText() {
        return Printable.of(arena, arenaSize, stagedKey);
    }

    void addFunction(byte[] code) {
        functions.add(code);
        codeBytes += code.length;
    }

    void addScript(byte[] code) {
        scripts.add(code);
        codeBytes += code.length;
    }

    /** Whether there is nothing to deliver. */
    boolean isEmpty() {
        return size == 0 && functions.isEmpty() && scripts.isEmpty();
    }

    void endAt(long offset, Checkpoint behind) {
        endOffset = offset;
        checkpoint = behind;
    }

    private void addHead(RecordHead head, byte howStored, long length) {
        if (size == db.length) {
            growRecords();
        }
        int i = size++;
        written = head.written;
        db[i] = head.db;
        type[i] = head.type;
        form[i] = howStored;
        expireAt[i] = head.expireAt;
        idleSeconds[i] = head.idleSeconds;
        frequency[i] = (short) head.frequency;
        offset[i] = head.offset;
        keyOffset[i] = arenaSize;
        keyLength[i] = stagedKey;
        valueOffset[i] = arenaSize + stagedKey;
        valueLength[i] = length;
        keysWithMetadata += head.metadata ? 1 : 0;
        arenaSize += stagedKey;
        stagedKey = 0;
    }

    private void reserve(int bytes) {
        if (arenaEnd - arenaSize >= bytes) {
            return;
        }
        int first = isLarge() ? valueOffset[size - 1] : 0; // of a large arena others have their part
        arena = Arrays.copyOfRange(arena, first, arenaSize + bytes);
        arenaEnd = arena.length;
        if (isLarge()) {
            moved(-first);
            largeArenas.giveBack(large);
            large = null;
        }
    }

    /** What the batch holds stands so many bytes further on in its arena. */
    private void moved(int by) {
        arenaSize += by;
        for (int i = 0; i < size; i++) {
            keyOffset[i] += by;
            valueOffset[i] += by;
            if (stored != null) {
                stored.keyOffset[i] += by;
            }
        }
    }

    private void growRecords() {
        int capacity = db.length * 2;
        db = Arrays.copyOf(db, capacity);
        type = Arrays.copyOf(type, capacity);
        form = Arrays.copyOf(form, capacity);
        expireAt = Arrays.copyOf(expireAt, capacity);
        idleSeconds = Arrays.copyOf(idleSeconds, capacity);
        frequency = Arrays.copyOf(frequency, capacity);
        offset = Arrays.copyOf(offset, capacity);
        keyOffset = Arrays.copyOf(keyOffset, capacity);
        keyLength = Arrays.copyOf(keyLength, capacity);
        valueOffset = Arrays.copyOf(valueOffset, capacity);
        valueLength = Arrays.copyOf(valueLength, capacity);
        payloadCrc = Arrays.copyOf(payloadCrc, capacity);
    }

    /** Whether it holds the memory of a large value. */
    boolean isLarge() {
        return large != null;
    }

    /** Bytes of keys, values, function libraries and scripts. */
    int contentBytes() {
        return arenaSize + codeBytes;
    }

    /** The batch is handed out: from now on it counts as in flight. */
    void handOut() throws IOException, InterruptedException {
        memoryHandedOut = (isLarge() ? 0 : arena.length) + codeBytes; // names that it gets later come on top
        inFlight.add(memoryHandedOut);
    }

    /** Releases a batch that did not reach the target whole, so that no command that builds on it is handed out. */
    public void releaseUndelivered(IOException why) {
        inFlight.undelivered(why);
        release();
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
            if (streamedValue != null) {
                streamedValue.close();
            }
            giveBackArena(); // before there is room for another batch, so there are never more than batches
            arena = NO_ARENA; // its bytes may be another batch's already
            inFlight.release(memoryHandedOut);
        }
    }

    private void giveBackArena() {
        if (isLarge()) {
            largeArenas.giveBack(large);
            large = null;
        } else {
            arenas.giveBack(arena);
        }
    }

    /** What the backup says where the target is told otherwise. */
    private static final class StoredNames {
        private final int[] db;
        private final int[] keyOffset;
        private final int[] keyLength;

        StoredNames(int[] db, int[] keyOffset, int[] keyLength) {
            this.db = db;
            this.keyOffset = keyOffset;
            this.keyLength = keyLength;
        }
    }
}
