import { existsSync } from 'node:fs';
import { Component } from 'projen/lib/component';
import { describe, expect, it } from 'vitest';

import { exampleAnswers } from '../../../src/config/example';
import { QuiltMcpDeployProject } from '../../../src/project/project';

const newProject = () => new QuiltMcpDeployProject({ answers: exampleAnswers(), generator: '1.2.3' });

describe('the temporary folder of a project', () => {
  it('is made only as the project is rendered, and needs no listener for the end of the process', () => {
    const listeners = process.listenerCount('exit');
    const projects = [newProject(), newProject()];
    expect(projects.map(({ outdir }) => existsSync(outdir))).toEqual([false, false]);
    expect(process.listenerCount('exit')).toBe(listeners);
    expect(new Set(projects.map(({ outdir }) => outdir)).size).toBe(2);
  });

  it('is there while the project is rendered, and gone afterwards', () => {
    const project = newProject();
    const seen: boolean[] = [];
    new (class extends Component {
      override preSynthesize(): void {
        seen.push(existsSync(project.outdir));
      }
    })(project);
    expect(project.render().length).toBeGreaterThan(10);
    expect(seen).toEqual([true]);
    expect(existsSync(project.outdir)).toBe(false);
  });

  it('is gone, too, if code of the owner fails in between', () => {
    const project = newProject();
    new (class extends Component {
      override preSynthesize(): void {
        throw new Error('of the owner');
      }
    })(project);
    expect(() => project.render()).toThrow('of the owner');
    expect(existsSync(project.outdir)).toBe(false);
  });
});
