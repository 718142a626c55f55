package org.redisbackup.kamelet;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.component.aws2.s3.AWS2S3Endpoint;
import org.apache.camel.support.service.ServiceHelper;
import org.redisbackup.source.BackupFile;
import org.redisbackup.source.S3BackupSource;
import org.redisbackup.source.SourceException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The backups that the kamelet {@code redis-backup-restore} names, read with the client of the host's aws2-s3 component. */
public final class S3Backups implements CamelContextAware {
    private static final Logger LOG = LoggerFactory.getLogger(S3Backups.class);

    private CamelContext context;
    private String bucket;
    private String key;

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
     * The object that the key names, or all backups under it when it ends with a slash.
     *
     * @throws SourceException when there is none or it may not be read
     */
    public List<BackupFile> files() throws SourceException {
        S3BackupSource source = source();
        return key.endsWith("/") ? list(source) : List.of(source.find(bucket, key));
    }

    private List<BackupFile> list(S3BackupSource source) throws SourceException {
        List<BackupFile> files = source.list(bucket, key);
        for (BackupFile file : files) {
            if (file.key().endsWith(".manifest")) {
                throw new SourceException(
                        file.uri() + " says that the files beside it are parts of one append-only backup:"
                                + " put them into one archive, such as a .tar, or name a prefix without it");
            }
        }
        return files;
    }

    /**
     * The bytes of a backup; reading goes on over broken connections.
     *
     * @throws SourceException when it has changed, is gone or may not be read
     */
    public InputStream open(BackupFile file) throws IOException {
        return source().open(file, 0, retry -> LOG.warn("{}", retry));
    }

    private S3BackupSource source() {
        return new S3BackupSource(endpointOf(context).getS3Client());
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
