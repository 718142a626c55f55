package org.redisbackup.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.util.Arrays;
import org.redisbackup.rdb.ArrayWindow;
import org.redisbackup.rdb.BatchReader;
import org.redisbackup.rdb.ByteWindow;
import org.redisbackup.rdb.Dialect;
import org.redisbackup.rdb.HashTemplates;
import org.redisbackup.rdb.RdbFormatException;
import org.redisbackup.rdb.RdbLimits;
import org.redisbackup.rdb.ValueType;
import org.redisbackup.rdb.decode.ElementDigest;
import org.redisbackup.rdb.decode.StreamWindow;
import org.redisbackup.rdb.decode.ValueDecoder;
import org.redisbackup.rdb.decode.ValueValidator;
import org.redisbackup.support.RdbFile;
import org.redisbackup.support.Streams;

/** Any bytes as a value: the first is its type, with the highest bit set for a type of Valkey. */
class ValueFuzz {
    private static final int VALKEY = 0x80;
    private static final int LZF = 0xC3;
    private static final int MAX_ELEMENT = 1 << 22;
    private static final HashTemplates TEMPLATES = templates();

    private final ValueValidator validator = new ValueValidator();
    private final ArrayWindow window = new ArrayWindow();

    /** From memory and from a stream come the same elements or a refusal; what was found sound has elements. */
    @FuzzTest(maxDuration = "10s")
    void decodes(byte[] typeAndValue) throws IOException {
        if (typeAndValue.length == 0) {
            return;
        }
        int id = typeAndValue[0] & 0xff;
        ValueType type = ValueType.of(id >= VALKEY ? Dialect.VALKEY : Dialect.REDIS, id & ~VALKEY);
        if (type == null || !ValueDecoder.isDecodable(type)) {
            return;
        }
        byte[] value = Arrays.copyOfRange(typeAndValue, 1, typeAndValue.length);
        window.over(value, 0, value.length, 0);
        Object whole = outcome(window, type);
        for (Streams portions : Streams.values()) {
            Object streamed = outcome(new StreamWindow(portions.of(value), 0, MAX_ELEMENT), type);
            assertThat(streamed instanceof Long ? streamed : "refused")
                    .isEqualTo(whole instanceof Long ? whole : "refused");
        }
        if (isChecked(type, value) && isSound(type, value)) {
            assertThat(whole).isInstanceOf(Long.class);
        }
    }

    /** The digest of the elements, or the reason why there are none. */
    private static Object outcome(ByteWindow window, ValueType type) throws IOException {
        ElementDigest digest = new ElementDigest();
        try {
            new ValueDecoder(window, MAX_ELEMENT, digest).decode(type, TEMPLATES);
            return digest.digest();
        } catch (RdbFormatException e) {
            return e.getMessage();
        }
    }

    /** Of strings, only LZF data is looked at: where they end was found before. */
    private static boolean isChecked(ValueType type, byte[] value) {
        return type != ValueType.STRING || (value.length > 0 && (value[0] & 0xff) == LZF);
    }

    private boolean isSound(ValueType type, byte[] value) throws IOException {
        try {
            validator.check(type, TEMPLATES, value, 0, value.length, 0);
            return true;
        } catch (RdbFormatException e) {
            return false;
        }
    }

    /** Template 1 has the fields a and b. */
    private static HashTemplates templates() {
        RdbFile file = new RdbFile("REDIS0015").raw((byte) 242, (byte) 1, (byte) 2, (byte) 1, (byte) 'a', (byte) 1);
        try (BatchReader reader = new BatchReader(
                file.raw((byte) 'b').string("key", "value").open(), new RdbLimits(100, 100, 100), 1, 100, 1)) {
            return reader.next().templates();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
