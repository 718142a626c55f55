package org.redisbackup.kamelet;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.component.aws2.s3.AWS2S3Endpoint;
import org.apache.camel.support.service.ServiceHelper;
import org.redisbackup.aof.AofPart;
import org.redisbackup.archive.Backup;
import org.redisbackup.archive.SeparateParts;
import org.redisbackup.rdb.ResumePoint;
import org.redisbackup.source.BackupFile;
import org.redisbackup.source.BackupListing;
import org.redisbackup.source.S3BackupSource;
import org.redisbackup.source.SourceException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.S3Client;

/** The backups that the kamelet {@code redis-backup-restore} names, read with the client of the host's aws2-s3 component. */
public final class S3Backups implements CamelContextAware {
    private static final Logger LOG = LoggerFactory.getLogger(S3Backups.class);

    private CamelContext context;
    private String bucket;
    private String key;
    private S3Client client;
    private S3BackupSource source; // of that client

    /**
     * An endpoint of the component {@code aws2-s3}, started, for the sake of its client: made of the component's options or
     * found in the registry, and not to be closed.
     */
    public static AWS2S3Endpoint endpointOf(CamelContext context) {
        // an endpoint that names a file does not look for its bucket
        AWS2S3Endpoint endpoint = context.getEndpoint("aws2-s3:any?fileName=any", AWS2S3Endpoint.class);
        ServiceHelper.startService(endpoint);
        return endpoint;
    }

    /**
     * The object that the key names, or all backups under it when it ends with a slash. A manifest stands for the
     * append-only file whose parts lie beside it.
     *
     * @throws SourceException when there is none, parts are missing, or the bucket may not be read
     */
    public List<BackupFile> files() throws SourceException {
        BackupListing backups = new BackupListing(source());
        return key.endsWith("/") ? backups.list(bucket, key, LOG::warn) : List.of(backups.find(bucket, key));
    }

    /**
     * A backup for the data format {@code rdb}: the bytes of an object, or the parts of one of several objects. Reading goes
     * on over broken connections.
     *
     * @return an {@link InputStream} or a {@link Backup}
     * @throws SourceException when it has changed, is gone or may not be read
     */
    public Object open(BackupFile file) throws IOException {
        return file.parts().isEmpty()
                ? read(file)
                : new SeparateParts(
                        ResumePoint.START,
                        file.key(),
                        file.parts().stream()
                                .map(part -> new AofPart(part.name(), () -> read(part)))
                                .toList());
    }

    private InputStream read(BackupFile object) throws IOException {
        return source().open(object, 0, retry -> LOG.warn("{}", retry));
    }

    /** Kept for the memory that it reads into; an endpoint that was started again has another client. */
    private synchronized S3BackupSource source() {
        S3Client current = endpointOf(context).getS3Client();
        if (current != client) {
            client = current;
            source = new S3BackupSource(current);
        }
        return source;
    }

    @Override
    public CamelContext getCamelContext() {
        return context;
    }

    @Override
    public void setCamelContext(CamelContext context) {
        this.context = context;
    }

    public void setBucket(String bucket) {
        this.bucket = bucket;
    }

    public void setKey(String key) {
        this.key = key;
    }
}
