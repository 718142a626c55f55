package org.redisbackup.rdb;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.redisbackup.support.RdbFile;
import org.redisbackup.support.Streams;

/** What stands between key records, and bytes that only other servers can read. */
class MarkerTest {
    private static final RdbLimits LIMITS = new RdbLimits(1 << 20, 1 << 16, 1 << 10);

    private static KeyBatch read(RdbFile file, RdbLimits limits, Streams portions) throws IOException {
        try (BatchReader reader = new BatchReader(portions.of(file.bytes()), limits, 1000, 1 << 20, 0)) {
            KeyBatch batch = reader.next();
            assertThat(reader.hasNext()).isFalse();
            return batch;
        }
    }

    private static RdbFile marker(String magic, int opcode) {
        return new RdbFile(magic).raw((byte) opcode);
    }

    @ParameterizedTest
    @EnumSource
    void scriptsAreHandedOut(Streams portions) throws IOException {
        RdbFile file = new RdbFile("REDIS0009")
                .field("lua", "return 1")
                .field("lub", "return 2")
                .field("redis-ver", "6.2.16")
                .field("lua", "return 3")
                .string("a", "1");
        KeyBatch batch = read(file, LIMITS, portions);
        assertThat(batch.scripts()).extracting(code -> new String(code, UTF_8)).containsExactly("return 1", "return 3");
        assertThat(batch.size()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void codeBetweenAnExpiryAndItsKeyTakesNothingAway(Streams portions) throws IOException {
        RdbFile file = new RdbFile("REDIS0009")
                .expireAt(4102444800000L)
                .field("lua", "return 1")
                .string("a", "1")
                .string("b", "2");
        KeyBatch batch = read(file, LIMITS, portions);
        assertThat(batch.expireAt(0)).isEqualTo(4102444800000L);
        assertThat(batch.expireAt(1)).isEqualTo(KeyBatch.NO_EXPIRY);
    }

    @ParameterizedTest
    @EnumSource
    void librariesOfReleaseCandidatesGetTheirFirstLine(Streams portions) throws IOException {
        RdbFile file = marker("REDIS0010", 246)
                .text("mylib".getBytes(UTF_8))
                .text("LUA".getBytes(UTF_8))
                .raw((byte) 1)
                .text("a description".getBytes(UTF_8))
                .text("redis.register_function('f', function() return 1 end)".getBytes(UTF_8));
        assertThat(read(file, LIMITS, portions).functions())
                .extracting(code -> new String(code, UTF_8))
                .containsExactly("#!LUA name=mylib\nredis.register_function('f', function() return 1 end)");
    }

    @ParameterizedTest
    @EnumSource
    void markersOfRedisEnterpriseAreSkipped(Streams portions) throws IOException {
        RdbFile file = marker("REDIS0009", 121)
                .raw((byte) 0x40, (byte) 0xff)
                .raw((byte) 107, (byte) 7)
                .string("a", "1");
        assertThat(read(file, LIMITS, portions).key(0)).isEqualTo("a".getBytes(UTF_8));
    }

    @ParameterizedTest
    @EnumSource
    void slotsInTheMiddleOfAnImportAreSkipped(Streams portions) throws IOException {
        RdbFile file = marker("VALKEY080", 243)
                .text(new byte[40])
                .raw((byte) 2, (byte) 0, (byte) 9, (byte) 0x44, (byte) 0, (byte) 0x48, (byte) 0)
                .string("a", "1");
        assertThat(read(file, LIMITS, portions).size()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void dataOfModulesThatBelongsToNoKeyIsSkipped(Streams portions) throws IOException {
        RdbFile file = marker("REDIS0009", 247)
                .raw((byte) 0x81, (byte) 1, (byte) 2, (byte) 3, (byte) 4, (byte) 5, (byte) 6, (byte) 7, (byte) 8)
                .raw((byte) 2, (byte) 1) // before the keys
                .raw((byte) 5)
                .text("of the module".getBytes(UTF_8))
                .raw((byte) 0)
                .string("a", "1");
        assertThat(read(file, LIMITS, portions).key(0)).isEqualTo("a".getBytes(UTF_8));
    }

    @ParameterizedTest
    @EnumSource
    void metadataOfModulesIsLeftBehindAndCounted(Streams portions) throws IOException {
        RdbFile file = marker("REDIS0013", 243)
                .raw((byte) 1, (byte) 0, (byte) 0, (byte) 1, (byte) 2) // one class
                .raw((byte) 5)
                .text("attached".getBytes(UTF_8))
                .raw((byte) 0)
                .string("a", "1")
                .string("b", "2");
        KeyBatch batch = read(file, LIMITS, portions);
        assertThat(batch.size()).isEqualTo(2);
        assertThat(batch.keysWithMetadata()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void templatesAreFoundByTheirNumber(Streams portions) throws IOException {
        RdbFile file = marker("REDIS0015", 242)
                .raw((byte) 0x81, (byte) 0xff, (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) 1)
                .raw((byte) 2)
                .text("name".getBytes(UTF_8))
                .raw((byte) 0xc0, (byte) 42) // field names may be numbers
                .string("a", "1");
        KeyBatch batch = read(file, LIMITS, portions);
        List<byte[]> fields = batch.templates().fields(0xff00000000000001L);
        assertThat(fields).extracting(field -> new String(field, UTF_8)).containsExactly("name", "42");
        assertThat(batch.templates().fields(1)).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void templatesAreBounded(Streams portions) {
        RdbFile file = new RdbFile("REDIS0015");
        for (int template = 0; template < 9; template++) {
            file.raw((byte) 242, (byte) template, (byte) 1).text(new byte[1000]);
        }
        assertThatThrownBy(() -> read(file, LIMITS, portions))
                .hasRootCauseMessage("the hash templates of the file take more than 8192 bytes (at byte 7066)");
    }

    @ParameterizedTest
    @EnumSource
    void aTemplateIsDefinedOnce(Streams portions) {
        RdbFile file =
                new RdbFile("REDIS0015").raw((byte) 242, (byte) 1, (byte) 0).raw((byte) 242, (byte) 1, (byte) 0);
        assertThatThrownBy(() -> read(file, LIMITS, portions))
                .hasRootCauseMessage("hash template 1 is defined for the second time (at byte 13)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
            REDIS0012 |   6 | a module value of a pre-release of Redis 4.0, which does not tell where it ends
            REDIS0015 |  29 | a hash with a template of its own, which Redis 8.10 writes into DUMP payloads and not into files
            REDIS0015 |  31 | a hash with a template of its own, which Redis 8.10 writes into DUMP payloads and not into files
            REDIS0009 |  30 | no value type of this version; Dragonfly writes values of its own by that number
            REDIS0015 |  33 | a rate limiter of development versions of Redis 8.10, or a value of Dragonfly's own
            REDIS0015 |  34 | a HyperLogLog of development versions of Redis after 8.10, or a value of Dragonfly's own
            REDIS0009 | 101 | an opcode of older versions of Redis Enterprise, whose layout is not known
            REDIS0009 | 210 | an opcode of Dragonfly's own
            VALKEY081 |  23 | a path hash of development versions of Valkey 9.2, whose layout is not known
            VALKEY081 | 242 | a command inside a snapshot that development versions of Valkey 9.2 save without forking
            VALKEY080 |  26 | neither a value type nor an opcode of this version
            """)
    void aForeignByteIsNamedByItsWriter(String magic, int id, String meaning) {
        for (Streams portions : Streams.values()) {
            assertThatThrownBy(() -> read(marker(magic, id).raw((byte) 0), LIMITS, portions))
                    .hasRootCauseMessage(id + " is " + meaning + ", so nothing after it can be found (at byte 9)");
        }
    }

    @ParameterizedTest
    @CsvSource({"REDIS0016", "REDIS0080", "REDIS9999", "VALKEY082", "VALKEY999"})
    void newerVersionsAreReadWhenToldTo(String magic) throws IOException {
        RdbFile file = new RdbFile(magic).string("a", "1");
        for (Streams portions : Streams.values()) {
            assertThat(read(file, LIMITS.withUnknownVersion(UnknownVersion.CONTINUE), portions)
                            .size())
                    .isEqualTo(1);
            assertThatThrownBy(() -> read(file, LIMITS, portions))
                    .hasRootCauseMessage("RDB version " + magic + " is newer than those that can be read,"
                            + " REDIS0001 to REDIS0015, VALKEY080 and VALKEY081 (at byte 0)");
        }
    }

    @ParameterizedTest
    @CsvSource({"REDIS0000", "VALKEY011", "VALKEY079"})
    void versionsThatNeverWereAreNotRead(String magic) {
        RdbFile file = new RdbFile(magic).string("a", "1");
        assertThatThrownBy(() -> read(file, LIMITS.withUnknownVersion(UnknownVersion.CONTINUE), Streams.WHOLE))
                .hasRootCauseMessage("there is no RDB version " + magic
                        + ": REDIS0001 to REDIS0015, VALKEY080 and VALKEY081 are known (at byte 0)");
    }
}
