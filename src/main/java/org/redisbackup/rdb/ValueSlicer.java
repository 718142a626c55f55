package org.redisbackup.rdb;

import java.io.IOException;
import java.util.List;

/** Finds where a value ends without understanding it: goes over exactly the bytes that belong to it. */
final class ValueSlicer {
    private static final int STREAM_ID = 16;
    private static final int TIME = 8;
    private static final int SCORE = 8;
    private static final int ARRAY_NUMBER = 8;
    private static final int ARRAY_STRING = 0;
    private static final int ARRAY_INTEGER = 1;
    private static final int ARRAY_DOUBLE = 2;
    private static final int ARRAY_SHORT_STRING = 3;
    private static final int MODULE_END = 0;
    private static final int MODULE_SIGNED = 1;
    private static final int MODULE_UNSIGNED = 2;
    private static final int MODULE_FLOAT = 3;
    private static final int MODULE_DOUBLE = 4;
    private static final int MODULE_STRING = 5;

    private final RdbInput in;
    private final RdbPrimitives primitives;
    private final HashTemplates templates;

    /** @param templates of the file, known before the hashes that refer to them */
    ValueSlicer(RdbInput in, RdbPrimitives primitives, HashTemplates templates) {
        this.in = in;
        this.primitives = primitives;
        this.templates = templates;
    }

    /**
     * Goes over one value.
     *
     * @throws RdbFormatException when its layout is broken, or the file ends in it
     */
    void skip(ValueType type) throws IOException {
        switch (type) {
            case STRING,
                    HASH_ZIPMAP,
                    LIST_ZIPLIST,
                    SET_INTSET,
                    ZSET_ZIPLIST,
                    HASH_ZIPLIST,
                    HASH_LISTPACK,
                    ZSET_LISTPACK,
                    SET_LISTPACK,
                    HASH_LISTPACK_EX_PRE_GA,
                    HASH_TEMPLATE_LISTPACK -> primitives.skipString();
            case LIST, SET, LIST_QUICKLIST -> strings(1);
            case HASH -> strings(2);
            case ZSET -> textScores();
            case ZSET_2 -> stringsAndBytes(1, SCORE);
            case LIST_QUICKLIST_2 -> quicklistNodes();
            case HASH_METADATA_PRE_GA -> fieldsWithTtl();
            case HASH_METADATA -> {
                in.skip(TIME);
                fieldsWithTtl();
            }
            case HASH_LISTPACK_EX -> {
                in.skip(TIME);
                primitives.skipString();
            }
            case VALKEY_HASH_2 -> stringsAndBytes(2, TIME);
            case STREAM_LISTPACKS -> stream(1);
            case STREAM_LISTPACKS_2 -> stream(2);
            case STREAM_LISTPACKS_3 -> stream(3);
            case STREAM_LISTPACKS_4 -> stream(4);
            case STREAM_LISTPACKS_5 -> stream(5);
            case ARRAY -> array();
            case HASH_TEMPLATE_ARRAY -> templateValues();
            case MODULE_2 -> {
                primitives.unsigned64();
                moduleItems();
            }
        }
    }

    private void strings(int perElement) throws IOException {
        long elements = primitives.length();
        for (long i = 0; i < elements; i++) {
            for (int k = 0; k < perElement; k++) {
                primitives.skipString();
            }
        }
    }

    private void stringsAndBytes(int strings, int bytes) throws IOException {
        long elements = primitives.length();
        for (long i = 0; i < elements; i++) {
            for (int k = 0; k < strings; k++) {
                primitives.skipString();
            }
            in.skip(bytes);
        }
    }

    /** Scores as text, behind their length; 253 to 255 stand for not-a-number and the infinities. */
    private void textScores() throws IOException {
        long elements = primitives.length();
        for (long i = 0; i < elements; i++) {
            primitives.skipString();
            int length = in.unsignedByte();
            if (length < 253) {
                in.skip(length);
            }
        }
    }

    private void quicklistNodes() throws IOException {
        long nodes = primitives.length();
        for (long i = 0; i < nodes; i++) {
            long container = primitives.unsigned64();
            if (container != 1 && container != 2) {
                throw new RdbFormatException(
                        in.offset() - 1,
                        "quicklist container " + Long.toUnsignedString(container)
                                + " is neither plain (1) nor packed (2)");
            }
            primitives.skipString();
        }
    }

    private void fieldsWithTtl() throws IOException {
        long fields = primitives.length();
        for (long i = 0; i < fields; i++) {
            primitives.unsigned64();
            primitives.skipString();
            primitives.skipString();
        }
    }

    /**
     * @param generation 1 for type 15, 2 for type 19 (entry counters), 3 for type 21 (consumers' active time), 4 for type
     *     26 (producers whose entries are added once only), 5 for type 27 (entries that a consumer gave back)
     */
    private void stream(int generation) throws IOException {
        strings(2); // id and listpack of each node
        numbers(generation == 1 ? 3 : 8); // length and last id; from 2 on first id, greatest deleted id, entries added
        long groups = primitives.length();
        for (long g = 0; g < groups; g++) {
            primitives.skipString();
            numbers(generation == 1 ? 2 : 3); // last id, and entries read
            long pending = primitives.length();
            for (long p = 0; p < pending; p++) {
                in.skip(STREAM_ID + TIME);
                primitives.unsigned64();
            }
            long consumers = primitives.length();
            for (long c = 0; c < consumers; c++) {
                primitives.skipString();
                in.skip(generation < 3 ? TIME : 2 * TIME);
                entryIds();
            }
            if (generation >= 5) {
                entryIds(); // given back, owned by no consumer
            }
        }
        if (generation >= 4) {
            producers();
        }
    }

    private void producers() throws IOException {
        numbers(2); // seconds that an id is remembered, ids of a producer at most
        long producers = primitives.length();
        for (long p = 0; p < producers; p++) {
            primitives.skipString();
            long ids = primitives.length();
            for (long i = 0; i < ids; i++) {
                primitives.skipString();
                numbers(2); // the entry that it stands for
            }
        }
        numbers(2); // ids added, duplicates refused
    }

    private void entryIds() throws IOException {
        long ids = primitives.length();
        if (ids > Long.MAX_VALUE / STREAM_ID) {
            throw new RdbFormatException(in.offset(), ids + " pending entries are beyond every file");
        }
        in.skip(ids * STREAM_ID);
    }

    /** Elements with their indexes, each a string, a short string, an integer or a floating-point number. */
    private void array() throws IOException {
        long elements = primitives.length();
        if (primitives.unsigned64() != 0) {
            primitives.unsigned64(); // where the next element would be added
        }
        for (long i = 0; i < elements; i++) {
            primitives.unsigned64();
            long tag = primitives.unsigned64();
            if (tag == ARRAY_STRING || tag == ARRAY_SHORT_STRING) {
                primitives.skipString();
            } else if (tag == ARRAY_INTEGER || tag == ARRAY_DOUBLE) {
                in.skip(ARRAY_NUMBER);
            } else {
                throw new RdbFormatException(
                        in.offset() - 1,
                        "array element of kind " + Long.toUnsignedString(tag) + " is unknown: 0 to 3 expected");
            }
        }
    }

    private void templateValues() throws IOException {
        long offset = in.offset();
        long id = primitives.unsigned64();
        List<byte[]> fields = templates.fields(id);
        if (fields == null) {
            throw new RdbFormatException(
                    offset,
                    "hash template " + Long.toUnsignedString(id) + " was not defined before the hash that uses it");
        }
        for (int i = 0; i < fields.size(); i++) {
            primitives.skipString();
        }
    }

    private void numbers(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            primitives.unsigned64();
        }
    }

    /** Self-describing items up to the end marker; the module itself is not needed to go over them. */
    void moduleItems() throws IOException {
        while (true) {
            long item = primitives.unsigned64();
            if (item == MODULE_END) {
                return;
            }
            if (item == MODULE_SIGNED || item == MODULE_UNSIGNED) {
                primitives.unsigned64();
            } else if (item == MODULE_FLOAT) {
                in.skip(4);
            } else if (item == MODULE_DOUBLE) {
                in.skip(8);
            } else if (item == MODULE_STRING) {
                primitives.skipString();
            } else {
                throw new RdbFormatException(
                        in.offset() - 1, "module item " + Long.toUnsignedString(item) + " is unknown: 0 to 5 expected");
            }
        }
    }
}
