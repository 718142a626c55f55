package org.redisbackup.rdb;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads what follows the markers between key records: some of it belongs to the next key, some to the whole file. */
final class MarkerReader {
    private static final int METADATA_CLASS = 4;
    private static final byte[] SCRIPT = "lua".getBytes(US_ASCII);
    private static final byte[] CREATED = "ctime".getBytes(US_ASCII);
    private static final String LIBRARY = "a function library";

    private final RdbInput in;
    private final RdbPrimitives primitives;
    private final ValueSlicer slicer;
    private final HashTemplates templates;
    private final int maxBytes;

    /** @param maxBytes of one function library, script or field name */
    MarkerReader(RdbInput in, RdbPrimitives primitives, ValueSlicer slicer, HashTemplates templates, int maxBytes) {
        this.in = in;
        this.primitives = primitives;
        this.slicer = slicer;
        this.templates = templates;
        this.maxBytes = maxBytes;
    }

    /**
     * Reads what follows a marker.
     *
     * @param head of the next record; gets what is said about it
     * @param batch gets function libraries and scripts
     * @return whether the batch got code to load
     */
    boolean addsCode(Opcode opcode, RecordHead head, KeyBatch batch) throws IOException {
        switch (opcode) {
            case SELECT_DB -> head.db = database();
            case EXPIRE_MS -> head.expireAt = in.littleEndianLong();
            case EXPIRE_SECONDS -> head.expireAt = in.littleEndianInt() * 1000L;
            case IDLE -> head.idleSeconds = primitives.length();
            case FREQUENCY -> head.frequency = in.unsignedByte();
            case RESIZE_DB -> numbers(2);
            case SLOT_INFO -> numbers(3);
            case ENTERPRISE_USE, ENTERPRISE_SLOT -> numbers(1);
            case AUX -> {
                return addsScript(head, batch);
            }
            case FUNCTION -> {
                batch.addFunction(primitives.string(maxBytes, LIBRARY));
                return true;
            }
            case FUNCTION_PRE_GA -> {
                batch.addFunction(preReleaseLibrary());
                return true;
            }
            case HASH_TEMPLATE -> defineTemplate();
            case KEY_METADATA -> head.metadata = skipsMetadata();
            case MODULE_AUX -> {
                primitives.unsigned64();
                slicer.moduleItems();
            }
            case SLOT_IMPORT -> {
                primitives.skipString();
                long ranges = primitives.length();
                for (long i = 0; i < ranges; i++) {
                    numbers(2);
                }
            }
            case END_OF_FILE -> throw new IllegalStateException("the end is not read as a marker");
        }
        return false;
    }

    /**
     * The field {@code lua} of servers before 7.0 holds a script, {@code ctime} the second in which the file was written;
     * all others say nothing about keys.
     */
    private boolean addsScript(RecordHead head, KeyBatch batch) throws IOException {
        byte[] name = in.peek() == SCRIPT.length || in.peek() == CREATED.length
                ? primitives.string(CREATED.length, "a field's name")
                : null;
        if (name == null) {
            primitives.skipString();
        } else if (Arrays.equals(name, SCRIPT)) {
            batch.addScript(primitives.string(maxBytes, "a script"));
            return true;
        } else if (Arrays.equals(name, CREATED)) {
            head.written = seconds(primitives.string(maxBytes, "the time of the file"));
            return false;
        }
        primitives.skipString();
        return false;
    }

    /** Unix milliseconds; -1 when it is no number of seconds. */
    private static long seconds(byte[] text) {
        try {
            return Math.multiplyExact(Long.parseLong(new String(text, US_ASCII)), 1000L);
        } catch (ArithmeticException | NumberFormatException e) {
            return -1;
        }
    }

    /** As Redis 7.0 loads it: name and engine become the first line of the code, and the description goes. */
    private byte[] preReleaseLibrary() throws IOException {
        byte[] name = primitives.string(maxBytes, "the name of a function library");
        byte[] engine = primitives.string(maxBytes, "the engine of a function library");
        if (primitives.unsigned64() != 0) {
            primitives.skipString();
        }
        byte[] code = primitives.string(maxBytes, LIBRARY);
        ByteArrayOutputStream library = new ByteArrayOutputStream(code.length + name.length + engine.length + 16);
        library.writeBytes("#!".getBytes(US_ASCII));
        library.writeBytes(engine);
        library.writeBytes(" name=".getBytes(US_ASCII));
        library.writeBytes(name);
        library.write('\n');
        library.writeBytes(code);
        return library.toByteArray();
    }

    private void defineTemplate() throws IOException {
        long offset = in.offset();
        long id = primitives.unsigned64();
        long count = primitives.length();
        List<byte[]> fields = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            byte[] field = primitives.string(maxBytes, "a field name");
            if (!templates.reserve(field)) {
                throw new RdbFormatException(
                        offset, "the hash templates of the file take more than " + templates.maxBytes() + " bytes");
            }
            fields.add(field);
        }
        if (!templates.define(id, fields)) {
            throw new RdbFormatException(
                    offset, "hash template " + Long.toUnsignedString(id) + " is defined for the second time");
        }
    }

    private boolean skipsMetadata() throws IOException {
        long classes = primitives.length();
        for (long i = 0; i < classes; i++) {
            in.skip(METADATA_CLASS);
            slicer.moduleItems();
        }
        return classes > 0;
    }

    private void numbers(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            primitives.unsigned64();
        }
    }

    private int database() throws IOException {
        long offset = in.offset();
        long db = primitives.unsigned64();
        if (db < 0 || db > Integer.MAX_VALUE) {
            throw new RdbFormatException(
                    offset,
                    "database " + Long.toUnsignedString(db) + " does not exist on any server: at most 2^31-1 expected");
        }
        return (int) db;
    }
}
