import { Component, type ReactElement, type ReactNode } from 'react';
import { messageOf } from '../../core/describe-failure.js';
import { clip, oneLine } from '../displayable.js';
import { Rows } from './rows.js';

export interface BoundaryProps {
  readonly columns: number;
  /** Told of what was thrown, once for each. */
  readonly onFault?: ((error: unknown) => void) | undefined;
  readonly children?: ReactNode;
}

/** Draws one line in place of what throws, so that the rest of the screen goes on. */
export class Boundary extends Component<BoundaryProps, { readonly thrown?: { readonly error: unknown } }> {
  static getDerivedStateFromError(error: unknown) {
    return { thrown: { error } };
  }

  override state: { readonly thrown?: { readonly error: unknown } } = {};

  override componentDidCatch(error: unknown): void {
    this.props.onFault?.(error);
  }

  override render(): ReactNode {
    const { thrown } = this.state;
    return thrown ? this.#instead(thrown.error) : this.props.children;
  }

  #instead(error: unknown): ReactElement {
    const text = `! This could not be drawn; /export has it: ${oneLine(messageOf(error))}`;
    return <Rows rows={[[{ text: clip(text, this.props.columns), style: 'accent' }]]} />;
  }
}
