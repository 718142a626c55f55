package org.redisbackup.app;

import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.redisbackup.component.RdbConstants;
import org.redisbackup.component.RedisRestoreConstants;
import org.redisbackup.source.BackupFile;
import org.redisbackup.task.FileImport;
import org.redisbackup.task.ImportOptions;
import org.redisbackup.task.ImportRun;

/**
 * Gives the exchange of a file of the property {@code run} what its steps go by: how far the file is, in the property
 * {@code progress}, and in headers how it is to be read and how delivered. An expression for each would be taken apart
 * anew with every file.
 */
final class FileOfRun implements Processor {
    private final FileImport files;

    FileOfRun(FileImport files) {
        this.files = files;
    }

    @Override
    public void process(Exchange exchange) {
        ImportRun run = exchange.getProperty("run", ImportRun.class);
        ImportOptions options = run.task().options();
        Message file = exchange.getMessage();
        exchange.setProperty("progress", files.progress(run, file.getBody(BackupFile.class)));
        file.setHeader(RdbConstants.UNKNOWN_VERSION, options.unknownVersion());
        file.setHeader(RdbConstants.ON_INVALID_VALUE, options.invalidValues());
        file.setHeader(RedisRestoreConstants.TARGET, run.target());
        file.setHeader(RedisRestoreConstants.SESSION, run.session());
        file.setHeader(RedisRestoreConstants.PACE, run.pace());
        file.setHeader(RedisRestoreConstants.RULES, run.rules());
        file.setHeader(RedisRestoreConstants.METHOD, options.method());
        file.setHeader(RedisRestoreConstants.CONFLICT_POLICY, options.conflictPolicy());
        file.setHeader(RedisRestoreConstants.LOSS_POLICY, options.onLoss());
        file.setHeader(RedisRestoreConstants.REPLACE_ALL, options.replaceAll());
    }
}
