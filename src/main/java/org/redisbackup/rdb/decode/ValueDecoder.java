package org.redisbackup.rdb.decode;

import java.io.IOException;
import java.util.List;
import org.redisbackup.rdb.BlobCursor;
import org.redisbackup.rdb.ByteWindow;
import org.redisbackup.rdb.Element;
import org.redisbackup.rdb.HashTemplates;
import org.redisbackup.rdb.IntsetCursor;
import org.redisbackup.rdb.ListpackCursor;
import org.redisbackup.rdb.RdbFormatException;
import org.redisbackup.rdb.RdbPrimitives;
import org.redisbackup.rdb.StringCursor;
import org.redisbackup.rdb.ValueType;
import org.redisbackup.rdb.ZiplistCursor;
import org.redisbackup.rdb.ZipmapCursor;

/**
 * Takes values apart: goes over the bytes of a value once and tells a visitor its elements as it meets them. Of a value
 * that is streamed no more is held than the window needs for one element, the field names of one node of a stream, the
 * pending entries of one consumer group and 256 KB of LZF data.
 *
 * <p>Everything that servers rely on when they read an encoding is checked on the way. One decoder serves many values,
 * one after the other.
 */
public final class ValueDecoder {
    /** What servers accept at most as the time at which a field of a hash ends. */
    private static final long MAX_FIELD_EXPIRY = (1L << 48) - 1;

    private static final int QUICKLIST_PLAIN = 1;

    private final ByteWindow in;
    private final ElementVisitor visitor;
    private final RdbPrimitives primitives;
    private final StringCursor strings;
    private final BlobReader blobs;
    private final StringDecoder stringDecoder;
    private final ArrayDecoder arrayDecoder;
    private StreamDecoder streamDecoder; // made for the first stream
    private final ListpackCursor listpack = new ListpackCursor();
    private final ZiplistCursor ziplist = new ZiplistCursor();
    private final ZipmapCursor zipmap = new ZipmapCursor();
    private final IntsetCursor intset = new IntsetCursor();
    private final Element held = new Element();

    /**
     * @param in where the values lie
     * @param maxElement bytes that one element may have; a value with a longer one is refused, but for strings, which are
     *     told in parts
     */
    public ValueDecoder(ByteWindow in, int maxElement, ElementVisitor visitor) {
        this(in, maxElement, maxElement, visitor);
    }

    /**
     * @param maxString bytes of a compressed string, which takes memory only when its text is asked for
     */
    ValueDecoder(ByteWindow in, int maxString, int maxElement, ElementVisitor visitor) {
        this.in = in;
        this.visitor = visitor;
        primitives = new RdbPrimitives(in);
        strings = new StringCursor(in, primitives, maxString);
        blobs = new BlobReader(in, primitives, maxElement);
        stringDecoder = new StringDecoder(in, primitives, blobs, visitor);
        arrayDecoder = new ArrayDecoder(in, primitives, strings, visitor);
    }

    /** Whether values of this type have elements that can be told. What those of a module mean only the module knows. */
    public static boolean isDecodable(ValueType type) {
        return type != ValueType.MODULE_2;
    }

    /**
     * Decodes the value that comes next.
     *
     * @param templates of the file that the value is from
     * @throws RdbFormatException when it is broken; what was told before is true
     * @throws UnsupportedOperationException when it is the value of a module, see {@link #isDecodable}
     */
    public void decode(ValueType type, HashTemplates templates) throws IOException {
        switch (type) {
            case STRING -> stringDecoder.decode();
            case LIST -> list();
            case SET -> set();
            case ZSET -> zsetOfTexts();
            case ZSET_2 -> zset();
            case HASH -> hash();
            case HASH_ZIPMAP -> pairs(zipmap);
            case HASH_ZIPLIST -> pairs(ziplist);
            case HASH_LISTPACK -> pairs(listpack);
            case LIST_ZIPLIST -> elements(ziplist);
            case SET_INTSET -> members(intset);
            case SET_LISTPACK -> members(listpack);
            case ZSET_ZIPLIST -> scored(ziplist);
            case ZSET_LISTPACK -> scored(listpack);
            case LIST_QUICKLIST -> quicklist();
            case LIST_QUICKLIST_2 -> quicklistOfContainers();
            case HASH_METADATA_PRE_GA -> hashOfRelativeExpiries(1);
            case HASH_METADATA -> hashOfRelativeExpiries(fieldExpiry(in.littleEndianLong()));
            case HASH_LISTPACK_EX_PRE_GA -> triples();
            case HASH_LISTPACK_EX -> {
                in.skip(Long.BYTES); // the earliest of the times that the fields have themselves
                triples();
            }
            case VALKEY_HASH_2 -> hashOfAbsoluteExpiries();
            case HASH_TEMPLATE_LISTPACK -> templateListpack(templates);
            case HASH_TEMPLATE_ARRAY -> templateArray(templates);
            case STREAM_LISTPACKS -> stream(1);
            case STREAM_LISTPACKS_2 -> stream(2);
            case STREAM_LISTPACKS_3 -> stream(3);
            case STREAM_LISTPACKS_4 -> stream(4);
            case STREAM_LISTPACKS_5 -> stream(5);
            case ARRAY -> arrayDecoder.decode();
            case MODULE_2 ->
                throw new UnsupportedOperationException(
                        "this is the value of a module, and only the module knows what its parts mean");
        }
    }

    private void stream(int generation) throws IOException {
        if (streamDecoder == null) {
            streamDecoder = new StreamDecoder(in, primitives, strings, blobs, visitor);
        }
        streamDecoder.decode(generation);
    }

    private void list() throws IOException {
        for (long left = primitives.length(); left > 0; left--) {
            strings.next();
            visitor.element(strings);
        }
    }

    private void set() throws IOException {
        for (long left = primitives.length(); left > 0; left--) {
            strings.next();
            visitor.member(strings);
        }
    }

    private void zset() throws IOException {
        for (long left = primitives.length(); left > 0; left--) {
            strings.next();
            visitor.member(strings);
            double score = Double.longBitsToDouble(in.littleEndianLong());
            if (Double.isNaN(score)) {
                throw broken("a score is not a number");
            }
            visitor.score(score);
        }
    }

    private void zsetOfTexts() throws IOException {
        for (long left = primitives.length(); left > 0; left--) {
            strings.next();
            visitor.member(strings);
            int length = in.unsignedByte();
            switch (length) {
                case 253 -> throw broken("a score is not a number");
                case 254 -> visitor.score(Double.POSITIVE_INFINITY);
                case 255 -> visitor.score(Double.NEGATIVE_INFINITY);
                default -> {
                    in.need(length);
                    held.setText(in.buffer(), in.position(), length);
                    in.skip(length);
                    scoreText(held);
                }
            }
        }
    }

    private void scoreText(Element text) throws IOException {
        if (!Scores.isScore(text)) {
            throw broken("a score is text that is no number");
        }
        visitor.scoreText(text);
    }

    private void hash() throws IOException {
        for (long left = primitives.length(); left > 0; left--) {
            fieldAndValue();
        }
    }

    private void fieldAndValue() throws IOException {
        strings.next();
        visitor.field(strings);
        strings.next();
        visitor.value(strings);
    }

    /** @param earliest the time that an expiry of 1 stands for; an expiry of 0 stands for none */
    private void hashOfRelativeExpiries(long earliest) throws IOException {
        for (long left = primitives.length(); left > 0; left--) {
            long expiry = primitives.unsigned64();
            fieldAndValue();
            if (expiry != 0) {
                visitor.fieldExpiry(fieldExpiry(fieldExpiry(expiry) + earliest - 1));
            }
        }
    }

    private void hashOfAbsoluteExpiries() throws IOException {
        for (long left = primitives.length(); left > 0; left--) {
            fieldAndValue();
            long expiry = in.littleEndianLong();
            if (expiry < -1) {
                throw broken("a field ends at " + expiry + ": a time, or -1 for never, expected");
            }
            if (expiry >= 0) {
                visitor.fieldExpiry(expiry);
            }
        }
    }

    private long fieldExpiry(long millis) throws RdbFormatException {
        if (millis < 0 || millis > MAX_FIELD_EXPIRY) {
            throw broken(
                    "a field ends at " + Long.toUnsignedString(millis) + ": at most " + MAX_FIELD_EXPIRY + " expected");
        }
        return millis;
    }

    private void elements(BlobCursor blob) throws IOException {
        blobs.open(blob);
        while (blob.next()) {
            visitor.element(blob);
        }
        blobs.end();
    }

    private void members(BlobCursor blob) throws IOException {
        blobs.open(blob);
        while (blob.next()) {
            visitor.member(blob);
        }
        blobs.end();
    }

    private void scored(BlobCursor blob) throws IOException {
        blobs.open(blob);
        while (blob.next()) {
            visitor.member(blob);
            follow(blob, "the last member has no score");
            scoreText(blob);
        }
        blobs.end();
    }

    private void pairs(BlobCursor blob) throws IOException {
        blobs.open(blob);
        while (blob.next()) {
            visitor.field(blob);
            follow(blob, "the last field has no value");
            visitor.value(blob);
        }
        blobs.end();
    }

    /** The fields that never end come last. Servers take the first time for the earliest, and exit when it is not. */
    private void triples() throws IOException {
        long last = 0;
        blobs.open(listpack);
        while (listpack.next()) {
            visitor.field(listpack);
            follow(listpack, "the last field has no value");
            visitor.value(listpack);
            follow(listpack, "the last field has no time at which it ends, nor the 0 that means never");
            if (!listpack.isNumber()) {
                throw broken("the time at which a field ends is text: a number expected");
            }
            long expiry = fieldExpiry(listpack.number());
            if (expiry != 0) {
                visitor.fieldExpiry(expiry);
            }
            long order = expiry == 0 ? Long.MAX_VALUE : expiry;
            if (order < last) {
                throw broken("the times at which fields end don't rise");
            }
            last = order;
        }
        blobs.end();
    }

    private void follow(BlobCursor blob, String problem) throws IOException {
        if (!blob.next()) {
            throw broken(problem);
        }
    }

    private void quicklist() throws IOException {
        for (long left = primitives.length(); left > 0; left--) {
            elements(ziplist);
        }
    }

    private void quicklistOfContainers() throws IOException {
        for (long left = primitives.length(); left > 0; left--) {
            if (primitives.unsigned64() == QUICKLIST_PLAIN) {
                strings.next();
                visitor.element(strings);
            } else {
                elements(listpack);
            }
        }
    }

    private void templateListpack(HashTemplates templates) throws IOException {
        blobs.open(listpack);
        if (!listpack.next() || !listpack.isNumber()) {
            throw broken("a hash does not start with the number of its template");
        }
        for (byte[] field : fields(templates, listpack.number())) {
            templateField(field);
            follow(listpack, "a hash has fewer values than its template has fields");
            visitor.value(listpack);
        }
        if (listpack.next()) {
            throw broken("a hash has more values than its template has fields");
        }
        blobs.end();
    }

    private void templateArray(HashTemplates templates) throws IOException {
        for (byte[] field : fields(templates, primitives.unsigned64())) {
            templateField(field);
            strings.next();
            visitor.value(strings);
        }
    }

    private void templateField(byte[] field) throws IOException {
        held.setText(field, 0, field.length);
        visitor.field(held);
    }

    private List<byte[]> fields(HashTemplates templates, long id) throws RdbFormatException {
        List<byte[]> fields = templates.fields(id);
        if (fields == null) {
            throw broken(
                    "hash template " + Long.toUnsignedString(id) + " was not defined before the hash that uses it");
        }
        return fields;
    }

    private RdbFormatException broken(String problem) {
        return new RdbFormatException(in.offset(), problem);
    }
}
