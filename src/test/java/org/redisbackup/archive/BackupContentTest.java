package org.redisbackup.archive;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.zip.Zip64Mode;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.redisbackup.aof.AofPart;
import org.redisbackup.support.Corpus;
import org.redisbackup.support.Packing;
import org.redisbackup.support.Packing.Compression;
import org.redisbackup.support.RdbFile;
import org.redisbackup.support.Streams;

/** What comes out of packed backups, whatever the portions in which they arrive. */
class BackupContentTest {
    private static final byte[] DUMP = corpus("manykeys-redis-8.0.6.rdb");
    private static final byte[] OTHER = corpus("lfu-redis-7.0.15.rdb");
    private static final byte[] TEXT = "no dump".getBytes(UTF_8);

    private final List<String> warnings = new ArrayList<>();

    private static byte[] corpus(String name) {
        try {
            return Corpus.bytes(name);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] archive(String name) throws IOException {
        return Files.readAllBytes(Path.of("src/test/resources/corpus/archives", name));
    }

    private BackupContent open(Streams portions, byte[] backup, ContentLimits limits) {
        return new BackupContent(portions.of(backup), () -> portions.of(backup), limits, warnings::add);
    }

    /** The parts of each dump, joined, by name. */
    private Map<String, byte[]> dumps(Streams portions, byte[] backup) throws IOException {
        return dumps(portions, backup, ContentLimits.STANDARD);
    }

    private Map<String, byte[]> dumps(Streams portions, byte[] backup, ContentLimits limits) throws IOException {
        warnings.clear();
        Map<String, byte[]> dumps = new LinkedHashMap<>();
        try (BackupContent content = open(portions, backup, limits)) {
            Dump dump;
            while ((dump = content.next()) != null) {
                byte[] whole = {};
                for (AofPart file : dump.parts()) {
                    InputStream part = file.source().open();
                    whole = Packing.joined(whole, part.readAllBytes());
                }
                dumps.put(dump.name(), whole);
            }
        }
        return dumps;
    }

    private void assertDumps(byte[] backup, Object... namesAndContents) throws IOException {
        Map<String, byte[]> expected = Packing.files(namesAndContents);
        for (Streams portions : Streams.values()) {
            Map<String, byte[]> found = dumps(portions, backup);
            assertThat(found.keySet()).containsExactlyElementsOf(expected.keySet());
            expected.forEach((name, content) -> assertThat(found.get(name)).isEqualTo(content));
        }
    }

    private void assertRefused(byte[] backup, String problem) {
        for (Streams portions : Streams.values()) {
            assertThatThrownBy(() -> dumps(portions, backup))
                    .isInstanceOf(BackupContentException.class)
                    .hasMessage(problem);
        }
    }

    @Test
    void aPlainDumpIsItself() throws IOException {
        assertDumps(DUMP, null, DUMP);
        assertDumps(new byte[0], null, new byte[0]);
    }

    @Test
    void aDumpMayHoldTheMarkOfAnArchive() throws IOException {
        byte[] dump =
                new RdbFile("REDIS0010").db(0).string("k", "ustar".repeat(200)).bytes();
        int mark = new String(dump, ISO_8859_1).indexOf("ustar");
        byte[] aligned = new RdbFile("REDIS0010")
                .db(0)
                .string("k", "-".repeat(257 - mark) + "ustar" + "-".repeat(500))
                .bytes();
        assertThat(Archive.is(Arrays.copyOf(aligned, Archive.HEAD))).isTrue();
        assertDumps(aligned, null, aligned);
        assertDumps(Packing.zip(Packing.files("a", aligned)), "a", aligned);
    }

    @ParameterizedTest
    @EnumSource
    void compressedOnce(Compression compression) throws IOException {
        assertDumps(compression.of(DUMP), "", DUMP);
    }

    @ParameterizedTest
    @EnumSource
    void severalCompressedStreamsInARow(Compression compression) throws IOException {
        byte[] first = compression.of(Arrays.copyOf(DUMP, 70_000));
        byte[] second = compression.of(Arrays.copyOfRange(DUMP, 70_000, DUMP.length));
        assertDumps(Packing.joined(first, second), "", DUMP);
    }

    @ParameterizedTest
    @EnumSource
    void compressedDumpsInArchives(Compression compression) throws IOException {
        byte[] packed = compression.of(DUMP);
        assertDumps(Packing.tar(Packing.files("a", packed, "b.rdb", OTHER)), "a", DUMP, "b.rdb", OTHER);
        assertDumps(Packing.zip(Packing.files("a", packed, "b.rdb", OTHER)), "a", DUMP, "b.rdb", OTHER);
    }

    @ParameterizedTest
    @EnumSource
    void compressedTar(Compression compression) throws IOException {
        byte[] tar = Packing.tar(Packing.files("1.rdb", DUMP, "2.rdb", OTHER));
        assertDumps(compression.of(tar), "1.rdb", DUMP, "2.rdb", OTHER);
    }

    static Stream<Arguments> zips() {
        return Stream.of(ZipArchiveEntry.DEFLATED, ZipArchiveEntry.STORED)
                .flatMap(method -> Stream.of(Zip64Mode.Never, Zip64Mode.Always, Zip64Mode.AlwaysWithCompatibility)
                        .map(mode -> Arguments.of(method, mode)));
    }

    @ParameterizedTest
    @MethodSource("zips")
    void zipsOfEachKind(int method, Zip64Mode mode) throws IOException {
        byte[] zip = Packing.zip(Packing.files("1.rdb", DUMP, "notes.txt", TEXT, "2.rdb", OTHER), method, mode);
        assertDumps(zip, "1.rdb", DUMP, "2.rdb", OTHER);
        assertThat(warnings).containsExactly("notes.txt is no dump and was skipped");
    }

    @Test
    void archivesOfTheCorpus() throws IOException {
        assertDumps(archive("types-redis-7.0.15.rdb.gz"), "", corpus("types-redis-7.0.15.rdb"));
        assertDumps(archive("types-valkey-9.1.2.rdb.gz"), "", corpus("types-valkey-9.1.2.rdb"));
        byte[] redis8 = corpus("types-redis-8.0.6.rdb");
        assertDumps(archive("types-redis-8.0.6.two-gzip-members.rdb.gz"), "", redis8);
        assertDumps(archive("types-redis-8.0.6.zip"), "backup/dump.rdb", redis8);
        assertThat(warnings).containsExactly("README.txt is no dump and was skipped");
        assertDumps(archive("types-redis-6.2.16.tar.gz"), "data/dump.rdb", corpus("types-redis-6.2.16.rdb"));
        assertDumps(
                archive("two-dumps.zip"),
                "dir with space/lru-redis-7.0.15.rdb",
                corpus("lru-redis-7.0.15.rdb"),
                "dir with space/lfu-redis-7.0.15.rdb",
                OTHER);
    }

    @Test
    void namesLeadNowhereAndLinksAreSkipped() throws IOException {
        byte[] bad = Files.readAllBytes(Path.of("src/test/resources/corpus/bad/zip-slip.zip"));
        byte[] small = corpus("lru-redis-7.0.15.rdb");
        assertDumps(bad, "../../evil.rdb", small, "/abs/evil.rdb", small);
        byte[] slip = Files.readAllBytes(Path.of("src/test/resources/corpus/bad/tar-slip-symlink.tar.gz"));
        assertDumps(slip, "../evil.rdb", small);
        assertThat(warnings).containsExactly("dump.rdb is a link or a device, not a file, and was skipped");
    }

    @Test
    void garbageBehindGzipIsAWarning() throws IOException {
        assertDumps(Packing.joined(Compression.GZ.of(DUMP), TEXT), "", DUMP);
        assertThat(warnings).containsExactly("what follows the gzip data is no gzip data and was ignored");
        assertDumps(Packing.joined(Compression.GZ.of(DUMP), new byte[] {0x1f}), "", DUMP);
        assertThat(warnings).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void cutOffAndDamagedDataIsToldApart(Compression compression) {
        byte[] packed = compression.of(DUMP);
        String format = format(compression);
        for (int length : new int[] {packed.length - 1, packed.length / 2}) {
            assertRefused(
                    Arrays.copyOf(packed, length), "its " + format + " data is cut off: more bytes have to follow");
        }
        byte[] damaged = packed.clone();
        for (int i = 0; i < 8; i++) {
            damaged[packed.length / 2 + i] ^= 0x55;
        }
        for (Streams portions : Streams.values()) {
            assertThatThrownBy(() -> dumps(portions, damaged))
                    .isInstanceOf(BackupContentException.class)
                    .hasMessageStartingWith("its " + format + " data is ");
        }
    }

    private static String format(Compression compression) {
        return switch (compression) {
            case GZ -> "gzip";
            case ZST -> "zstd";
            case LZ4, LZ4_LINKED -> "lz4";
            case BZ2 -> "bzip2";
            case XZ -> "xz";
        };
    }

    @Test
    void aCutZipAtAnyPlace() {
        byte[] zip = Packing.zip(Packing.files("a.rdb", OTHER, "b.rdb", OTHER));
        for (int length = 30; length < zip.length; length++) {
            byte[] cut = Arrays.copyOf(zip, length);
            assertThatThrownBy(() -> dumps(Streams.WHOLE, cut))
                    .as("%s of %s bytes", cut.length, zip.length)
                    .isInstanceOf(BackupContentException.class)
                    .hasMessageEndingWith("its zip data is cut off: more bytes have to follow");
        }
    }

    @Test
    void aCutTarWithinAFile() {
        byte[] tar = Packing.tar(Packing.files("a.rdb", DUMP));
        assertRefused(Arrays.copyOf(tar, DUMP.length / 2), "a.rdb: its tar data is cut off: more bytes have to follow");
    }

    @Test
    void aDamagedFileOfAZip() {
        byte[] zip = Packing.zip(Packing.files("a.rdb", OTHER), ZipArchiveEntry.STORED, Zip64Mode.Never);
        zip[100] ^= 1;
        for (Streams portions : Streams.values()) {
            assertThatThrownBy(() -> dumps(portions, zip))
                    .hasMessageMatching("a\\.rdb: its checksum is \\p{XDigit}+ but its bytes give \\p{XDigit}+: it is"
                            + " damaged");
        }
    }

    @Test
    void archivesWithoutADump() {
        String none = "it is an archive without any dump";
        assertRefused(Packing.zip(Packing.files("a.txt", TEXT)), none);
        assertRefused(Packing.zip(Map.of()), none);
        assertRefused(Packing.tar(Packing.files("a.txt", TEXT, "empty.rdb", new byte[0])), none);
    }

    @Test
    void packedTooOften() {
        byte[] gz = Compression.GZ.of(OTHER);
        byte[] xzOfGz = Compression.XZ.of(gz);
        byte[] zip = Packing.zip(Packing.files("a.rdb", OTHER));
        assertRefused(xzOfGz, "it is compressed twice, with gzip inside xz: unpack it once");
        assertRefused(
                Packing.tar(Packing.files("a", OTHER, "b", xzOfGz)),
                "b: it is compressed twice, with gzip inside xz: unpack it once");
        String inside = "b: it is an archive inside an archive: unpack one of the two";
        assertRefused(Packing.tar(Packing.files("b", zip)), inside);
        assertRefused(Packing.zip(Packing.files("b", Compression.GZ.of(Packing.tar(Map.of("c", OTHER))))), inside);
    }

    @Test
    void moreThanTheLimitsAllow() throws IOException {
        byte[] tar = Packing.tar(Packing.files("a", OTHER, "b", OTHER, "c", OTHER));
        for (Streams portions : Streams.values()) {
            assertThat(dumps(portions, tar, new ContentLimits(1 << 20, 500, 3))).hasSize(3);
            assertThatThrownBy(() -> dumps(portions, tar, new ContentLimits(1 << 20, 500, 2)))
                    .hasMessage("it has more entries than the limit of 2");
            assertThatThrownBy(() -> dumps(portions, Compression.GZ.of(DUMP), new ContentLimits(1000, 500, 3)))
                    .hasMessage("it unpacks to more than the limit of 1000 bytes");
        }
    }

    @Test
    void manySmallBombsAreOneBomb() {
        byte[] zeros = new byte[16 << 20];
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (int i = 0; i < 6; i++) {
            files.put("zeros" + i, zeros);
        }
        byte[] zip = Packing.zip(files);
        assertThatThrownBy(() -> dumps(Streams.WHOLE, zip))
                .hasMessage("zeros4: it unpacks to more than 500 times its size, as decompression bombs do: unpack it"
                        + " yourself if you trust it");
    }

    @Test
    void aMultiPartAppendOnlyFileIsOneDump() throws IOException {
        byte[] base = new RdbFile("REDIS0010").db(0).string("k", "1").bytes();
        byte[] first = "*1\r\n$4\r\nPING\r\n".getBytes(UTF_8);
        byte[] second = "*1\r\n$4\r\nECHO\r\n".getBytes(UTF_8);
        byte[] manifest =
                """
                file a.aof.1.base.rdb seq 1 type b
                file a.aof.9.incr.aof seq 9 type h
                file a.aof.1.incr.aof seq 1 type i
                file a.aof.2.incr.aof seq 2 type i
                """
                        .getBytes(UTF_8);
        byte[] whole = Packing.joined(base, first, second);
        Object[][] orders = {
            {
                "d/a.aof.1.base.rdb",
                base,
                "d/a.aof.1.incr.aof",
                first,
                "d/a.aof.2.incr.aof",
                second,
                "d/a.manifest",
                manifest
            },
            {
                "d/a.manifest",
                manifest,
                "d/a.aof.2.incr.aof",
                second,
                "d/a.aof.1.incr.aof",
                first,
                "d/a.aof.1.base.rdb",
                base
            },
        };
        for (Object[] order : orders) {
            assertDumps(Packing.tar(Packing.files(order)), "d/a.manifest", whole);
            assertDumps(Compression.GZ.of(Packing.tar(Packing.files(order))), "d/a.manifest", whole);
            assertDumps(Packing.zip(Packing.files(order)), "d/a.manifest", whole);
            assertThat(warnings).isEmpty();
        }
    }

    @Test
    void theAppendOnlyFileOfTheCorpusIsReadAfterOtherDumps() throws IOException {
        Map<String, byte[]> found = dumps(Streams.WHOLE, archive("aof-multipart-redis-7.0.15.tar.gz"));
        assertThat(found.keySet()).containsExactly("appendonlydir/appendonly.aof.manifest");
        assertThat(found.values().iterator().next()).hasSize(67325 + 537).startsWith("REDIS".getBytes(UTF_8));
    }

    @Test
    void appendOnlyFilesWithoutAManifest() throws IOException {
        byte[] commands = "*1\r\n$4\r\nPING\r\n".getBytes(UTF_8);
        assertDumps(
                Packing.tar(Packing.files("appendonly.aof", commands, "dump.rdb", OTHER)),
                "dump.rdb",
                OTHER,
                "appendonly.aof",
                commands);
        assertRefused(
                Packing.tar(Packing.files("d/a.1.incr.aof", commands)),
                "d/a.1.incr.aof: it is a part of an append-only file, whose manifest is not beside it");
    }

    @Test
    void manifestsThatServersRefuse() {
        byte[] part = "*1\r\n$4\r\nPING\r\n".getBytes(UTF_8);
        assertManifestRefused("", part, "the manifest is empty: it has to name a base file");
        assertManifestRefused(
                "hello world\n",
                part,
                "line 1 of the manifest, \"hello world\", is not made of pairs of a name and a value, \"file\", \"seq\" and"
                        + " \"type\" among them");
        assertManifestRefused(
                "file ../../../etc/passwd seq 1 type b\n",
                part,
                "line 1 of the manifest, \"file ../../../etc/passwd seq 1 type b\", names a file by a path: a plain name is"
                        + " expected");
        assertManifestRefused(
                "file a.1.base.rdb seq 1 type b\nfile a.2.base.rdb seq 2 type b\n",
                part,
                "line 2 of the manifest, \"file a.2.base.rdb seq 2 type b\", names a second base file");
        assertManifestRefused(
                "# made by hand\nfile a.2.incr.aof seq 2 type i\nfile a.1.incr.aof seq 1 type i\n",
                part,
                "line 3 of the manifest, \"file a.1.incr.aof seq 1 type i\", has no greater number than the increment before it");
        assertManifestRefused(
                "file a.1.incr.aof seq 1 type x\n",
                part,
                "line 1 of the manifest, \"file a.1.incr.aof seq 1 type x\", is of a type that is none of b, h and i");
        assertManifestRefused("file \"a 1.aof\" seq 1 type b\n", part, "it names d/a 1.aof, which is not beside it");
    }

    private void assertManifestRefused(String manifest, byte[] part, String problem) {
        assertRefused(
                Packing.tar(Packing.files("d/a.1.incr.aof", part, "d/a.manifest", manifest.getBytes(UTF_8))),
                "d/a.manifest: " + problem);
    }

    @Test
    void countsWhatItReadsOfTheBackup() throws IOException {
        byte[] gz = Compression.GZ.of(DUMP);
        try (BackupContent content = open(Streams.BYTE_BY_BYTE, gz, ContentLimits.STANDARD)) {
            assertThat(content.bytesRead()).isZero();
            InputStream dump = content.next().parts().get(0).source().open();
            dump.skipNBytes(DUMP.length / 2);
            assertThat(content.bytesRead()).isBetween(gz.length / 3L, gz.length * 2L / 3);
            assertThat(content.next()).isNull();
            assertThat(content.bytesRead()).isEqualTo(gz.length);
        }
    }

    @Test
    void tellsWhyTheBackupCouldNotBeRead() {
        IOException broken = new IOException("the network is away");
        byte[] start = Arrays.copyOf(Compression.XZ.of(DUMP), 10_000);
        InputStream failing = new SequenceInputStream(new ByteArrayInputStream(start), new InputStream() {
            @Override
            public int read() throws IOException {
                throw broken;
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                throw broken;
            }
        });
        try (BackupContent content = new BackupContent(failing, null, ContentLimits.STANDARD, warnings::add)) {
            assertThatThrownBy(
                            () -> content.next().parts().get(0).source().open().readAllBytes())
                    .isSameAs(broken);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The library gives nothing of what it unpacked before the damage when it sees both at once. */
    @Test
    void aFileThatIsDamagedNearItsStartIsNotCalledNoDump() throws IOException {
        Path zip = Path.of(
                "src/test/resources/org/redisbackup/fuzz/ArchiveFuzzInputs/unpacks", "damaged-within-first-bytes.zip");
        byte[] backup = Files.readAllBytes(zip);
        assertThatThrownBy(() -> dumps(Streams.WHOLE, backup)).isInstanceOf(BackupContentException.class);
        assertThat(warnings).isEmpty();
    }
}
