package org.redisbackup.component;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.spi.DataFormat;
import org.apache.camel.spi.DataFormatName;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.annotations.Dataformat;
import org.apache.camel.support.service.ServiceSupport;
import org.redisbackup.archive.Backup;
import org.redisbackup.archive.BackupContent;
import org.redisbackup.archive.ContentLimits;
import org.redisbackup.archive.DumpReader;
import org.redisbackup.rdb.RdbLimits;
import org.redisbackup.rdb.UnknownVersion;
import org.redisbackup.rdb.ValidationPolicy;
import org.redisbackup.rdb.decode.ValueValidator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the RDB and append-only files of Redis and Valkey, compressed ones and archives of them: unmarshalling a stream
 * gives an iterator of batches of keys and of commands, to be split with streaming. Nothing is read before the split asks
 * for it, and the split closes the stream.
 */
@Dataformat("rdb")
@Metadata(firstVersion = "0.1.0", title = "RDB")
public class RdbDataFormat extends ServiceSupport implements DataFormat, DataFormatName {
    private static final Logger LOG = LoggerFactory.getLogger(RdbDataFormat.class);

    @Metadata(defaultValue = "4096", description = "Keys in a batch at most.")
    private int batchKeys = 4096;

    @Metadata(
            defaultValue = "262144",
            description =
                    "Bytes of keys and values in a batch, about; a larger record gets more. Below 512 KB, so that the"
                            + " garbage collector does not treat each batch as a giant of its own.")
    private int batchBytes = 256 * 1024;

    @Metadata(
            defaultValue = "0",
            description =
                    "Batches that may be on their way at once, which bounds memory when a split is parallel; 0 for"
                            + " any number, which a split that is not parallel can afford.")
    private int batchesInFlight;

    @Metadata(
            description =
                    "Bytes of the largest value that is held in memory, a ninth of the heap beyond 32 MB by default. A larger"
                            + " one is streamed, but for one of a module, which is reported as failed.")
    private Integer maxValueBytes;

    @Metadata(
            defaultValue = "FAIL",
            description = "What happens to a file of a newer RDB version than those that are known: FAIL refuses it,"
                    + " CONTINUE reads it by the rules of the newest known one.")
    private UnknownVersion unknownVersion = UnknownVersion.FAIL;

    @Metadata(
            defaultValue = "FAIL",
            enums = "FAIL,SKIP,OFF",
            description =
                    "What happens to a value that a server would refuse, or die of: FAIL ends the file there, SKIP"
                            + " reports the key as failed, OFF does not look. Values of modules are not looked at.")
    private ValidationPolicy onInvalidValue = ValidationPolicy.FAIL;

    /** A {@link Backup} or a stream. */
    @Override
    public Object unmarshal(Exchange exchange, Object body) throws Exception {
        return body instanceof Backup content ? read(exchange, content) : DataFormat.super.unmarshal(exchange, body);
    }

    @Override
    public Object unmarshal(Exchange exchange, InputStream stream) {
        return read(exchange, new BackupContent(stream, RdbDataFormat::again, ContentLimits.STANDARD, LOG::warn));
    }

    private static InputStream again() throws IOException {
        throw new IOException("an append-only file in an archive can't be read from a stream that opens only once");
    }

    private DumpReader read(Exchange exchange, Backup content) {
        Message message = exchange.getMessage();
        RdbLimits limits = RdbLimits.forThisHeap()
                .withUnknownVersion(
                        message.getHeader(RdbConstants.UNKNOWN_VERSION, unknownVersion, UnknownVersion.class))
                .withValidation(
                        message.getHeader(RdbConstants.ON_INVALID_VALUE, onInvalidValue, ValidationPolicy.class));
        return new DumpReader(
                content,
                maxValueBytes == null ? limits : limits.withMaxBufferedValue(maxValueBytes),
                batchKeys,
                batchBytes,
                batchesInFlight,
                new ValueValidator());
    }

    /** Not possible: only servers write RDB files. */
    @Override
    public void marshal(Exchange exchange, Object graph, OutputStream stream) {
        throw new UnsupportedOperationException("The rdb data format reads backups; only servers write them");
    }

    @Override
    public String getDataFormatName() {
        return "rdb";
    }

    public int getBatchKeys() {
        return batchKeys;
    }

    public void setBatchKeys(int batchKeys) {
        this.batchKeys = batchKeys;
    }

    public int getBatchBytes() {
        return batchBytes;
    }

    public void setBatchBytes(int batchBytes) {
        this.batchBytes = batchBytes;
    }

    public int getBatchesInFlight() {
        return batchesInFlight;
    }

    public void setBatchesInFlight(int batchesInFlight) {
        this.batchesInFlight = batchesInFlight;
    }

    public Integer getMaxValueBytes() {
        return maxValueBytes;
    }

    public void setMaxValueBytes(Integer maxValueBytes) {
        this.maxValueBytes = maxValueBytes;
    }

    public UnknownVersion getUnknownVersion() {
        return unknownVersion;
    }

    public void setUnknownVersion(UnknownVersion unknownVersion) {
        this.unknownVersion = unknownVersion;
    }

    public ValidationPolicy getOnInvalidValue() {
        return onInvalidValue;
    }

    public void setOnInvalidValue(ValidationPolicy onInvalidValue) {
        this.onInvalidValue = onInvalidValue;
    }
}
