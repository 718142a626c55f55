package org.redisbackup.kamelet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PropertyBindingSupport;
import org.apache.camel.support.service.ServiceHelper;
import org.junit.jupiter.api.Test;
import org.redisbackup.source.BackupFile;
import org.redisbackup.support.S3Server;
import software.amazon.awssdk.core.sync.RequestBody;

class S3BackupsTest {
    private final String bucket = S3Server.freshBucket();

    @Test
    void takesTheClientOfAnEndpointThatWasStartedAgain() throws Exception {
        S3Server.client().putObject(put -> put.bucket(bucket).key("one.rdb"), RequestBody.fromString("REDIS"));
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            Object component = context.getComponent("aws2-s3");
            S3Server.server().camelProperties().forEach((name, value) -> PropertyBindingSupport.build()
                    .bind(context, component, "configuration." + name.substring(name.lastIndexOf('.') + 1), value));
            context.start();
            S3Backups backups = new S3Backups();
            backups.setCamelContext(context);
            backups.setBucket(bucket);
            backups.setKey("one.rdb");
            assertThat(read(backups)).isEqualTo("REDIS");

            ServiceHelper.stopService(S3Backups.endpointOf(context)); // closes the client that it made
            assertThat(read(backups)).isEqualTo("REDIS");
        }
    }

    private static String read(S3Backups backups) throws Exception {
        BackupFile file = backups.files().get(0);
        try (InputStream in = (InputStream) backups.open(file)) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }
}
