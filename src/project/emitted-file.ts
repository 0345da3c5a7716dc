import type { Construct } from 'constructs';
import { FileBase } from 'projen/lib/file';

import type { GeneratedFile } from '../../generators/file';

/** A generated file within projen, without projen's marker: its clean-up deletes every file that carries it. */
export class EmittedFile extends FileBase {
  constructor(
    scope: Construct,
    private readonly source: GeneratedFile,
  ) {
    super(scope, source.path, { marker: false, readonly: false, editGitignore: false });
  }

  protected override synthesizeContent(): string {
    return this.source.content;
  }
}
